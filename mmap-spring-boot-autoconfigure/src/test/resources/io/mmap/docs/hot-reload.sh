# tag::hot-reload-roll-back[]
ln -s edition-1 /srv/names/next
mv -T /srv/names/next /srv/names/current
# end::hot-reload-roll-back[]
