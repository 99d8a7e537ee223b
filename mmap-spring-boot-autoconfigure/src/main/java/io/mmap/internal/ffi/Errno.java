/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.mmap.internal.ffi;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Error numbers of Linux, the same on x86-64 and aarch64.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public final class Errno {

	/** Operation not permitted. */
	public static final int EPERM = 1;

	/** No such file or directory. */
	public static final int ENOENT = 2;

	/** Interrupted by a signal. */
	public static final int EINTR = 4;

	/** Input/output error. */
	public static final int EIO = 5;

	/** No such device or address. */
	public static final int ENXIO = 6;

	/** Bad descriptor. */
	public static final int EBADF = 9;

	/** Temporarily not possible. */
	public static final int EAGAIN = 11;

	/** Out of memory or of memory regions. */
	public static final int ENOMEM = 12;

	/** Permission denied. */
	public static final int EACCES = 13;

	/** Bad address, or one with nothing behind it. */
	public static final int EFAULT = 14;

	/** In use. */
	public static final int EBUSY = 16;

	/** File exists. */
	public static final int EEXIST = 17;

	/** Not a thing that can be mapped. */
	public static final int ENODEV = 19;

	/** Not a directory. */
	public static final int ENOTDIR = 20;

	/** Is a directory. */
	public static final int EISDIR = 21;

	/** Invalid argument. */
	public static final int EINVAL = 22;

	/** Too many open files in the system. */
	public static final int ENFILE = 23;

	/** Too many open files in the process. */
	public static final int EMFILE = 24;

	/** Operation unknown to a file or device. */
	public static final int ENOTTY = 25;

	/** File is being executed. */
	public static final int ETXTBSY = 26;

	/** File too large. */
	public static final int EFBIG = 27;

	/** No space left on the device. */
	public static final int ENOSPC = 28;

	/** Read-only file system. */
	public static final int EROFS = 30;

	/** File name too long. */
	public static final int ENAMETOOLONG = 36;

	/** No locks available. */
	public static final int ENOLCK = 37;

	/** No such system call. */
	public static final int ENOSYS = 38;

	/** Too many symbolic links. */
	public static final int ELOOP = 40;

	/** Value too large. */
	public static final int EOVERFLOW = 75;

	/** Operation not supported. */
	public static final int EOPNOTSUPP = 95;

	/** Disk quota exceeded. */
	public static final int EDQUOT = 122;

	/** Memory has a hardware error. */
	public static final int EHWPOISON = 133;

	/** All that have a name; 41 and 58 have none. */
	private static final Map<Integer, String> DESCRIPTIONS = parse("""
			1 EPERM, operation not permitted
			2 ENOENT, no such file or directory
			3 ESRCH, no such process
			4 EINTR, interrupted by a signal
			5 EIO, input/output error
			6 ENXIO, no such device or address
			7 E2BIG, too many arguments
			8 ENOEXEC, not a program that can be run
			9 EBADF, bad file descriptor
			10 ECHILD, no child process
			11 EAGAIN, temporarily not possible
			12 ENOMEM, out of memory or of memory regions
			13 EACCES, permission denied
			14 EFAULT, bad address
			15 ENOTBLK, not a block device
			16 EBUSY, in use
			17 EEXIST, file exists
			18 EXDEV, on another file system
			19 ENODEV, cannot be mapped
			20 ENOTDIR, not a directory
			21 EISDIR, is a directory
			22 EINVAL, invalid argument
			23 ENFILE, too many open files in the system
			24 EMFILE, too many open files in this process
			25 ENOTTY, operation unknown to this file or device
			26 ETXTBSY, file is being executed
			27 EFBIG, file too large
			28 ENOSPC, no space left on the device
			29 ESPIPE, cannot seek
			30 EROFS, read-only file system
			31 EMLINK, too many links to the file
			32 EPIPE, nobody reads the pipe
			33 EDOM, argument outside of the domain
			34 ERANGE, result out of range
			35 EDEADLK, would wait forever
			36 ENAMETOOLONG, file name too long
			37 ENOLCK, no locks available
			38 ENOSYS, no such system call
			39 ENOTEMPTY, directory not empty
			40 ELOOP, too many symbolic links
			42 ENOMSG, no message of that type
			43 EIDRM, identifier was removed
			44 ECHRNG, channel number out of range
			45 EL2NSYNC, level 2 not synchronized
			46 EL3HLT, level 3 halted
			47 EL3RST, level 3 reset
			48 ELNRNG, link number out of range
			49 EUNATCH, protocol driver not attached
			50 ENOCSI, no CSI structure available
			51 EL2HLT, level 2 halted
			52 EBADE, invalid exchange
			53 EBADR, invalid request descriptor
			54 EXFULL, exchange full
			55 ENOANO, no anode
			56 EBADRQC, invalid request code
			57 EBADSLT, invalid slot
			59 EBFONT, bad font file
			60 ENOSTR, not a stream
			61 ENODATA, no data available
			62 ETIME, timer expired
			63 ENOSR, out of streams resources
			64 ENONET, not on a network
			65 ENOPKG, package not installed
			66 EREMOTE, object is remote
			67 ENOLINK, link was cut
			68 EADV, advertise error
			69 ESRMNT, srmount error
			70 ECOMM, could not send
			71 EPROTO, protocol error
			72 EMULTIHOP, more than one hop tried
			73 EDOTDOT, error of RFS
			74 EBADMSG, bad message or checksum
			75 EOVERFLOW, value too large
			76 ENOTUNIQ, name not unique on the network
			77 EBADFD, file descriptor in a bad state
			78 EREMCHG, remote address changed
			79 ELIBACC, shared library out of reach
			80 ELIBBAD, shared library corrupt
			81 ELIBSCN, section .lib corrupt
			82 ELIBMAX, too many shared libraries
			83 ELIBEXEC, shared library cannot be executed
			84 EILSEQ, invalid sequence of bytes
			85 ERESTART, call should be made again
			86 ESTRPIPE, error of a pipe of streams
			87 EUSERS, too many users
			88 ENOTSOCK, not a socket
			89 EDESTADDRREQ, destination address missing
			90 EMSGSIZE, message too long
			91 EPROTOTYPE, wrong protocol for the socket
			92 ENOPROTOOPT, protocol option not available
			93 EPROTONOSUPPORT, protocol not supported
			94 ESOCKTNOSUPPORT, socket type not supported
			95 EOPNOTSUPP, operation not supported
			96 EPFNOSUPPORT, protocol family not supported
			97 EAFNOSUPPORT, address family not supported
			98 EADDRINUSE, address in use
			99 EADDRNOTAVAIL, address not available
			100 ENETDOWN, network is down
			101 ENETUNREACH, network out of reach
			102 ENETRESET, network reset the connection
			103 ECONNABORTED, connection aborted
			104 ECONNRESET, connection reset by the other side
			105 ENOBUFS, no buffer space available
			106 EISCONN, already connected
			107 ENOTCONN, not connected
			108 ESHUTDOWN, other end was shut down
			109 ETOOMANYREFS, too many references
			110 ETIMEDOUT, timed out
			111 ECONNREFUSED, connection refused
			112 EHOSTDOWN, host is down
			113 EHOSTUNREACH, host out of reach
			114 EALREADY, already under way
			115 EINPROGRESS, now under way
			116 ESTALE, file vanished from the server
			117 EUCLEAN, file system needs to be repaired
			118 ENOTNAM, not a XENIX named type file
			119 ENAVAIL, no XENIX semaphores available
			120 EISNAM, is a named type file
			121 EREMOTEIO, input/output error of a remote device
			122 EDQUOT, disk quota exceeded
			123 ENOMEDIUM, no medium in the drive
			124 EMEDIUMTYPE, wrong type of medium
			125 ECANCELED, canceled
			126 ENOKEY, key not available
			127 EKEYEXPIRED, key has expired
			128 EKEYREVOKED, key was revoked
			129 EKEYREJECTED, key was rejected
			130 EOWNERDEAD, owner of the lock died
			131 ENOTRECOVERABLE, state cannot be recovered
			132 ERFKILL, switched off by RF-kill
			133 EHWPOISON, memory has a hardware error
			""");

	private Errno() {
	}

	private static Map<Integer, String> parse(String table) {
		return table.lines()
			.map((line) -> line.split(" ", 2))
			.collect(Collectors.toUnmodifiableMap((parts) -> Integer.valueOf(parts[0]), (parts) -> parts[1]));
	}

	/**
	 * Return the name of an error number.
	 * @param errno the number
	 * @return such as {@code ENOMEM}; {@code other} for a number without a name here
	 */
	public static String name(int errno) {
		String description = DESCRIPTIONS.get(errno);
		return (description != null) ? description.substring(0, description.indexOf(',')) : "other";
	}

	/**
	 * Describe an error number.
	 * @param errno the number
	 * @return such as {@code errno 12 (ENOMEM, …)}
	 */
	public static String describe(int errno) {
		return "errno " + errno + " (" + DESCRIPTIONS.getOrDefault(errno, "a number without a name here") + ")";
	}

}
