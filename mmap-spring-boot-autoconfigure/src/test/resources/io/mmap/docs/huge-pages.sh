# tag::huge-pages-settings[]
cat /sys/kernel/mm/transparent_hugepage/enabled   # always, madvise or never: [the one in brackets]
# end::huge-pages-settings[]
# tag::huge-pages-smaps[]
awk '/^AnonHugePages/ { sum += $2 } END { print sum " kB" }' /proc/$PID/smaps
# end::huge-pages-smaps[]
