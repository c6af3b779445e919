" Vim syntax file for scenarios of ipcscript (*.ipcs).
" Made from its template in tests/editors and the catalogue of calls; change those, then run UPDATE=1 cargo test --test editors

if exists('b:current_syntax')
  finish
endif
let s:cpoptions = &cpoptions
set cpoptions&vim

syn case match
syn sync minlines=200

" Names that stand for a number wherever a value stands.
syn keyword ipcsConstant
      \ AF_ALG AF_INET AF_INET6 AF_LOCAL AF_NETLINK AF_PACKET AF_UNIX AF_UNSPEC AF_VSOCK ANON_INODE_FS_MAGIC AT_EACCESS
      \ AT_FDCWD AT_REMOVEDIR AT_SYMLINK_NOFOLLOW BINFMTFS_MAGIC BPF_FS_MAGIC BTRFS_SUPER_MAGIC CAP_AUDIT_CONTROL
      \ CAP_AUDIT_READ CAP_AUDIT_WRITE CAP_BLOCK_SUSPEND CAP_BPF CAP_CHECKPOINT_RESTORE CAP_CHOWN CAP_DAC_OVERRIDE
      \ CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_IPC_LOCK CAP_IPC_OWNER CAP_KILL CAP_LEASE CAP_LINUX_IMMUTABLE
      \ CAP_MAC_ADMIN CAP_MAC_OVERRIDE CAP_MKNOD CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_RAW
      \ CAP_PERFMON CAP_SETFCAP CAP_SETGID CAP_SETPCAP CAP_SETUID CAP_SYSLOG CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_CHROOT
      \ CAP_SYS_MODULE CAP_SYS_NICE CAP_SYS_PACCT CAP_SYS_PTRACE CAP_SYS_RAWIO CAP_SYS_RESOURCE CAP_SYS_TIME
      \ CAP_SYS_TTY_CONFIG CAP_WAKE_ALARM CGROUP2_SUPER_MAGIC CGROUP_SUPER_MAGIC CLD_CONTINUED CLD_DUMPED CLD_EXITED
      \ CLD_KILLED CLD_STOPPED CLD_TRAPPED CLOCK_BOOTTIME CLOCK_BOOTTIME_ALARM CLOCK_MONOTONIC CLOCK_MONOTONIC_COARSE
      \ CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME CLOCK_REALTIME_ALARM CLOCK_REALTIME_COARSE CLOCK_TAI
      \ CLOCK_THREAD_CPUTIME_ID CLONE_CHILD_CLEARTID CLONE_CHILD_SETTID CLONE_CLEAR_SIGHAND CLONE_DETACHED CLONE_FILES
      \ CLONE_FS CLONE_INTO_CGROUP CLONE_IO CLONE_NEWCGROUP CLONE_NEWIPC CLONE_NEWNET CLONE_NEWNS CLONE_NEWPID
      \ CLONE_NEWTIME CLONE_NEWUSER CLONE_NEWUTS CLONE_PARENT CLONE_PARENT_SETTID CLONE_PIDFD CLONE_PTRACE CLONE_SETTLS
      \ CLONE_SIGHAND CLONE_SYSVSEM CLONE_THREAD CLONE_UNTRACED CLONE_VFORK CLONE_VM CLOSE_RANGE_CLOEXEC
      \ CLOSE_RANGE_UNSHARE DEBUGFS_MAGIC DEVPTS_SUPER_MAGIC DN_ACCESS DN_ATTRIB DN_CREATE DN_DELETE DN_MODIFY
      \ DN_MULTISHOT DN_RENAME EPOLLERR EPOLLET EPOLLEXCLUSIVE EPOLLHUP EPOLLIN EPOLLMSG EPOLLONESHOT EPOLLOUT EPOLLPRI
      \ EPOLLRDBAND EPOLLRDHUP EPOLLRDNORM EPOLLWAKEUP EPOLLWRBAND EPOLLWRNORM EPOLL_CLOEXEC EPOLL_CTL_ADD EPOLL_CTL_DEL
      \ EPOLL_CTL_MOD EROFS_SUPER_MAGIC_V1 EXT4_SUPER_MAGIC FD_CLOEXEC FIONREAD FUSE_SUPER_MAGIC F_ADD_SEALS
      \ F_CREATED_QUERY F_DUPFD F_DUPFD_CLOEXEC F_DUPFD_QUERY F_GETFD F_GETFL F_GETLEASE F_GETLK F_GETOWN
      \ F_GETOWNER_UIDS F_GETOWN_EX F_GETPIPE_SZ F_GETSIG F_GET_FILE_RW_HINT F_GET_RW_HINT F_GET_SEALS F_LOCK F_NOTIFY
      \ F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW F_OK F_OWNER_PGRP F_OWNER_PID F_OWNER_TID F_RDLCK F_SEAL_EXEC
      \ F_SEAL_FUTURE_WRITE F_SEAL_GROW F_SEAL_SEAL F_SEAL_SHRINK F_SEAL_WRITE F_SETFD F_SETFL F_SETLEASE F_SETLK
      \ F_SETLKW F_SETOWN F_SETOWN_EX F_SETPIPE_SZ F_SETSIG F_SET_FILE_RW_HINT F_SET_RW_HINT F_TEST F_TLOCK F_ULOCK
      \ F_UNLCK F_WRLCK GETALL GETNCNT GETPID GETVAL GETZCNT HUGETLBFS_MAGIC IPC_CREAT IPC_EXCL IPC_INFO IPC_NOWAIT
      \ IPC_PRIVATE IPC_RMID IPC_SET IPC_STAT IPPROTO_IP IPPROTO_TCP IPPROTO_UDP LOCK_EX LOCK_NB LOCK_SH LOCK_UN
      \ MAP_32BIT MAP_ANON MAP_ANONYMOUS MAP_DENYWRITE MAP_EXECUTABLE MAP_FILE MAP_FIXED MAP_FIXED_NOREPLACE
      \ MAP_GROWSDOWN MAP_HUGETLB MAP_HUGE_16GB MAP_HUGE_16MB MAP_HUGE_1GB MAP_HUGE_1MB MAP_HUGE_256MB MAP_HUGE_2GB
      \ MAP_HUGE_2MB MAP_HUGE_32MB MAP_HUGE_512KB MAP_HUGE_512MB MAP_HUGE_64KB MAP_HUGE_8MB MAP_HUGE_MASK MAP_HUGE_SHIFT
      \ MAP_LOCKED MAP_NONBLOCK MAP_NORESERVE MAP_POPULATE MAP_PRIVATE MAP_SHARED MAP_SHARED_VALIDATE MAP_STACK MAP_SYNC
      \ MAP_TYPE MFD_ALLOW_SEALING MFD_CLOEXEC MFD_EXEC MFD_HUGETLB MFD_HUGE_16GB MFD_HUGE_16MB MFD_HUGE_1GB
      \ MFD_HUGE_1MB MFD_HUGE_256MB MFD_HUGE_2GB MFD_HUGE_2MB MFD_HUGE_32MB MFD_HUGE_512KB MFD_HUGE_512MB MFD_HUGE_64KB
      \ MFD_HUGE_8MB MFD_HUGE_MASK MFD_HUGE_SHIFT MFD_NOEXEC_SEAL MNT_DETACH MNT_EXPIRE MNT_FORCE MQUEUE_MAGIC
      \ MQ_PRIO_MAX MSG_BATCH MSG_CMSG_CLOEXEC MSG_CONFIRM MSG_COPY MSG_CTRUNC MSG_DONTROUTE MSG_DONTWAIT MSG_EOR
      \ MSG_ERRQUEUE MSG_EXCEPT MSG_FASTOPEN MSG_FIN MSG_INFO MSG_MORE MSG_NOERROR MSG_NOSIGNAL MSG_OOB MSG_PEEK
      \ MSG_PROXY MSG_RST MSG_STAT MSG_STAT_ANY MSG_SYN MSG_TRUNC MSG_WAITALL MSG_WAITFORONE MSG_ZEROCOPY MS_ASYNC
      \ MS_BIND MS_DIRSYNC MS_INVALIDATE MS_I_VERSION MS_LAZYTIME MS_MANDLOCK MS_MOVE MS_NOATIME MS_NODEV MS_NODIRATIME
      \ MS_NOEXEC MS_NOSUID MS_NOSYMFOLLOW MS_POSIXACL MS_PRIVATE MS_RDONLY MS_REC MS_RELATIME MS_REMOUNT MS_SHARED
      \ MS_SILENT MS_SLAVE MS_STRICTATIME MS_SYNC MS_SYNCHRONOUS MS_UNBINDABLE NFS_SUPER_MAGIC NSFS_MAGIC NULL
      \ OVERLAYFS_SUPER_MAGIC O_ACCMODE O_APPEND O_ASYNC O_CLOEXEC O_CREAT O_DIRECT O_DIRECTORY O_DSYNC O_EXCL
      \ O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_RDONLY O_RDWR O_RSYNC O_SYNC O_TMPFILE
      \ O_TRUNC O_WRONLY PIDFD_NONBLOCK PIDFD_THREAD PIPEFS_MAGIC POLLERR POLLHUP POLLIN POLLMSG POLLNVAL POLLOUT
      \ POLLPRI POLLRDBAND POLLRDHUP POLLRDNORM POLLREMOVE POLLWRBAND POLLWRNORM PROC_SUPER_MAGIC PROT_EXEC
      \ PROT_GROWSDOWN PROT_GROWSUP PROT_NONE PROT_READ PROT_WRITE PR_CAPBSET_DROP PR_CAPBSET_READ PR_CAP_AMBIENT
      \ PR_CAP_AMBIENT_CLEAR_ALL PR_CAP_AMBIENT_IS_SET PR_CAP_AMBIENT_LOWER PR_CAP_AMBIENT_RAISE PR_GET_CHILD_SUBREAPER
      \ PR_GET_DUMPABLE PR_GET_IO_FLUSHER PR_GET_KEEPCAPS PR_GET_MDWE PR_GET_MEMORY_MERGE PR_GET_NAME
      \ PR_GET_NO_NEW_PRIVS PR_GET_PDEATHSIG PR_GET_SECCOMP PR_GET_SECUREBITS PR_GET_SPECULATION_CTRL PR_GET_THP_DISABLE
      \ PR_GET_TIMERSLACK PR_GET_TIMING PR_GET_TSC PR_MCE_KILL PR_MCE_KILL_CLEAR PR_MCE_KILL_DEFAULT PR_MCE_KILL_EARLY
      \ PR_MCE_KILL_GET PR_MCE_KILL_LATE PR_MCE_KILL_SET PR_MDWE_NO_INHERIT PR_MDWE_REFUSE_EXEC_GAIN
      \ PR_SET_CHILD_SUBREAPER PR_SET_DUMPABLE PR_SET_IO_FLUSHER PR_SET_KEEPCAPS PR_SET_MDWE PR_SET_MEMORY_MERGE
      \ PR_SET_NAME PR_SET_NO_NEW_PRIVS PR_SET_PDEATHSIG PR_SET_PTRACER PR_SET_PTRACER_ANY PR_SET_SECUREBITS
      \ PR_SET_SPECULATION_CTRL PR_SET_THP_DISABLE PR_SET_TIMERSLACK PR_SET_TIMING PR_SET_TSC PR_SPEC_DISABLE
      \ PR_SPEC_DISABLE_NOEXEC PR_SPEC_ENABLE PR_SPEC_FORCE_DISABLE PR_SPEC_INDIRECT_BRANCH PR_SPEC_L1D_FLUSH
      \ PR_SPEC_STORE_BYPASS PR_TASK_PERF_EVENTS_DISABLE PR_TASK_PERF_EVENTS_ENABLE PR_TIMING_STATISTICAL
      \ PR_TIMING_TIMESTAMP PR_TSC_ENABLE PR_TSC_SIGSEGV P_ALL P_PGID P_PID P_PIDFD RAMFS_MAGIC RENAME_EXCHANGE
      \ RENAME_NOREPLACE RENAME_WHITEOUT RWH_WRITE_LIFE_EXTREME RWH_WRITE_LIFE_LONG RWH_WRITE_LIFE_MEDIUM
      \ RWH_WRITE_LIFE_NONE RWH_WRITE_LIFE_NOT_SET RWH_WRITE_LIFE_SHORT R_OK SA_EXPOSE_TAGBITS SA_NOCLDSTOP SA_NOCLDWAIT
      \ SA_NODEFER SA_ONSTACK SA_RESETHAND SA_RESTART SA_SIGINFO SA_UNSUPPORTED SECBIT_KEEP_CAPS SECBIT_KEEP_CAPS_LOCKED
      \ SECBIT_NOROOT SECBIT_NOROOT_LOCKED SECBIT_NO_CAP_AMBIENT_RAISE SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED
      \ SECBIT_NO_SETUID_FIXUP SECBIT_NO_SETUID_FIXUP_LOCKED SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_NEW_LISTENER
      \ SECCOMP_FILTER_FLAG_SPEC_ALLOW SECCOMP_FILTER_FLAG_TSYNC SECCOMP_FILTER_FLAG_TSYNC_ESRCH
      \ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV SECCOMP_GET_ACTION_AVAIL SECCOMP_GET_NOTIF_SIZES SECCOMP_RET_ALLOW
      \ SECCOMP_RET_ERRNO SECCOMP_RET_KILL SECCOMP_RET_KILL_PROCESS SECCOMP_RET_KILL_THREAD SECCOMP_RET_LOG
      \ SECCOMP_RET_TRACE SECCOMP_RET_TRAP SECCOMP_RET_USER_NOTIF SECCOMP_SET_MODE_FILTER SECCOMP_SET_MODE_STRICT
      \ SECRETMEM_MAGIC SECURITYFS_MAGIC SEEK_CUR SEEK_DATA SEEK_END SEEK_HOLE SEEK_SET SEM_INFO SEM_STAT SEM_STAT_ANY
      \ SEM_UNDO SEM_VALUE_MAX SETALL SETVAL SHM_DEST SHM_EXEC SHM_HUGETLB SHM_HUGE_16GB SHM_HUGE_16MB SHM_HUGE_1GB
      \ SHM_HUGE_1MB SHM_HUGE_256MB SHM_HUGE_2GB SHM_HUGE_2MB SHM_HUGE_32MB SHM_HUGE_512KB SHM_HUGE_512MB SHM_HUGE_64KB
      \ SHM_HUGE_8MB SHM_HUGE_MASK SHM_HUGE_SHIFT SHM_INFO SHM_LOCK SHM_LOCKED SHM_NORESERVE SHM_R SHM_RDONLY SHM_REMAP
      \ SHM_RND SHM_STAT SHM_STAT_ANY SHM_UNLOCK SHM_W SHUT_RD SHUT_RDWR SHUT_WR SIGEV_NONE SIGEV_SIGNAL SIG_BLOCK
      \ SIG_DFL SIG_IGN SIG_SETMASK SIG_UNBLOCK SI_ASYNCIO SI_KERNEL SI_MESGQ SI_QUEUE SI_SIGIO SI_TIMER SI_TKILL
      \ SI_USER SOCKFS_MAGIC SOCK_CLOEXEC SOCK_DGRAM SOCK_NONBLOCK SOCK_RAW SOCK_SEQPACKET SOCK_STREAM SOL_SOCKET
      \ SO_ACCEPTCONN SO_BROADCAST SO_BUSY_POLL SO_DEBUG SO_DOMAIN SO_DONTROUTE SO_ERROR SO_INCOMING_CPU SO_KEEPALIVE
      \ SO_MARK SO_OOBINLINE SO_PASSCRED SO_PASSPIDFD SO_PASSRIGHTS SO_PASSSEC SO_PEEK_OFF SO_PEERCRED SO_PEERPIDFD
      \ SO_PRIORITY SO_PROTOCOL SO_RCVBUF SO_RCVBUFFORCE SO_RCVLOWAT SO_REUSEADDR SO_REUSEPORT SO_SNDBUF SO_SNDBUFFORCE
      \ SO_SNDLOWAT SO_TIMESTAMP SO_TYPE SO_ZEROCOPY SQUASHFS_MAGIC STDERR_FILENO STDIN_FILENO STDOUT_FILENO ST_MANDLOCK
      \ ST_NOATIME ST_NODEV ST_NODIRATIME ST_NOEXEC ST_NOSUID ST_NOSYMFOLLOW ST_RDONLY ST_RELATIME ST_SYNCHRONOUS
      \ ST_VALID SYSFS_MAGIC SYS__sysctl SYS_accept SYS_accept4 SYS_access SYS_acct SYS_add_key SYS_adjtimex
      \ SYS_afs_syscall SYS_alarm SYS_arch_prctl SYS_bind SYS_bpf SYS_brk SYS_capget SYS_capset SYS_chdir SYS_chmod
      \ SYS_chown SYS_chroot SYS_clock_adjtime SYS_clock_getres SYS_clock_gettime SYS_clock_nanosleep SYS_clock_settime
      \ SYS_clone SYS_clone3 SYS_close SYS_close_range SYS_connect SYS_copy_file_range SYS_creat SYS_delete_module
      \ SYS_dup SYS_dup2 SYS_dup3 SYS_epoll_create SYS_epoll_create1 SYS_epoll_ctl SYS_epoll_ctl_old SYS_epoll_pwait
      \ SYS_epoll_pwait2 SYS_epoll_wait SYS_epoll_wait_old SYS_eventfd SYS_eventfd2 SYS_execve SYS_execveat SYS_exit
      \ SYS_exit_group SYS_faccessat SYS_faccessat2 SYS_fadvise64 SYS_fallocate SYS_fanotify_init SYS_fanotify_mark
      \ SYS_fchdir SYS_fchmod SYS_fchmodat SYS_fchmodat2 SYS_fchown SYS_fchownat SYS_fcntl SYS_fdatasync SYS_fgetxattr
      \ SYS_finit_module SYS_flistxattr SYS_flock SYS_fork SYS_fremovexattr SYS_fsconfig SYS_fsetxattr SYS_fsmount
      \ SYS_fsopen SYS_fspick SYS_fstat SYS_fstatfs SYS_fsync SYS_ftruncate SYS_futex SYS_futex_waitv SYS_futimesat
      \ SYS_get_mempolicy SYS_get_robust_list SYS_get_thread_area SYS_getcpu SYS_getcwd SYS_getdents SYS_getdents64
      \ SYS_getegid SYS_geteuid SYS_getgid SYS_getgroups SYS_getitimer SYS_getpeername SYS_getpgid SYS_getpgrp
      \ SYS_getpid SYS_getpmsg SYS_getppid SYS_getpriority SYS_getrandom SYS_getresgid SYS_getresuid SYS_getrlimit
      \ SYS_getrusage SYS_getsid SYS_getsockname SYS_getsockopt SYS_gettid SYS_gettimeofday SYS_getuid SYS_getxattr
      \ SYS_init_module SYS_inotify_add_watch SYS_inotify_init SYS_inotify_init1 SYS_inotify_rm_watch SYS_io_cancel
      \ SYS_io_destroy SYS_io_getevents SYS_io_setup SYS_io_submit SYS_io_uring_enter SYS_io_uring_register
      \ SYS_io_uring_setup SYS_ioctl SYS_ioperm SYS_iopl SYS_ioprio_get SYS_ioprio_set SYS_kcmp SYS_kexec_file_load
      \ SYS_kexec_load SYS_keyctl SYS_kill SYS_landlock_add_rule SYS_landlock_create_ruleset SYS_landlock_restrict_self
      \ SYS_lchown SYS_lgetxattr SYS_link SYS_linkat SYS_listen SYS_listxattr SYS_llistxattr SYS_lookup_dcookie
      \ SYS_lremovexattr SYS_lseek SYS_lsetxattr SYS_lstat SYS_madvise SYS_mbind SYS_membarrier SYS_memfd_create
      \ SYS_memfd_secret SYS_migrate_pages SYS_mincore SYS_mkdir SYS_mkdirat SYS_mknod SYS_mknodat SYS_mlock SYS_mlock2
      \ SYS_mlockall SYS_mmap SYS_modify_ldt SYS_mount SYS_mount_setattr SYS_move_mount SYS_move_pages SYS_mprotect
      \ SYS_mq_getsetattr SYS_mq_notify SYS_mq_open SYS_mq_timedreceive SYS_mq_timedsend SYS_mq_unlink SYS_mremap
      \ SYS_mseal SYS_msgctl SYS_msgget SYS_msgrcv SYS_msgsnd SYS_msync SYS_munlock SYS_munlockall SYS_munmap
      \ SYS_name_to_handle_at SYS_nanosleep SYS_newfstatat SYS_nfsservctl SYS_open SYS_open_by_handle_at SYS_open_tree
      \ SYS_openat SYS_openat2 SYS_pause SYS_perf_event_open SYS_personality SYS_pidfd_getfd SYS_pidfd_open
      \ SYS_pidfd_send_signal SYS_pipe SYS_pipe2 SYS_pivot_root SYS_pkey_alloc SYS_pkey_free SYS_pkey_mprotect SYS_poll
      \ SYS_ppoll SYS_prctl SYS_pread64 SYS_preadv SYS_preadv2 SYS_prlimit64 SYS_process_madvise SYS_process_mrelease
      \ SYS_process_vm_readv SYS_process_vm_writev SYS_pselect6 SYS_ptrace SYS_putpmsg SYS_pwrite64 SYS_pwritev
      \ SYS_pwritev2 SYS_quotactl SYS_quotactl_fd SYS_read SYS_readahead SYS_readlink SYS_readlinkat SYS_readv
      \ SYS_reboot SYS_recvfrom SYS_recvmmsg SYS_recvmsg SYS_remap_file_pages SYS_removexattr SYS_rename SYS_renameat
      \ SYS_renameat2 SYS_request_key SYS_restart_syscall SYS_rmdir SYS_rseq SYS_rt_sigaction SYS_rt_sigpending
      \ SYS_rt_sigprocmask SYS_rt_sigqueueinfo SYS_rt_sigreturn SYS_rt_sigsuspend SYS_rt_sigtimedwait
      \ SYS_rt_tgsigqueueinfo SYS_sched_get_priority_max SYS_sched_get_priority_min SYS_sched_getaffinity
      \ SYS_sched_getattr SYS_sched_getparam SYS_sched_getscheduler SYS_sched_rr_get_interval SYS_sched_setaffinity
      \ SYS_sched_setattr SYS_sched_setparam SYS_sched_setscheduler SYS_sched_yield SYS_seccomp SYS_security SYS_select
      \ SYS_semctl SYS_semget SYS_semop SYS_semtimedop SYS_sendfile SYS_sendmmsg SYS_sendmsg SYS_sendto
      \ SYS_set_mempolicy SYS_set_mempolicy_home_node SYS_set_robust_list SYS_set_thread_area SYS_set_tid_address
      \ SYS_setdomainname SYS_setfsgid SYS_setfsuid SYS_setgid SYS_setgroups SYS_sethostname SYS_setitimer SYS_setns
      \ SYS_setpgid SYS_setpriority SYS_setregid SYS_setresgid SYS_setresuid SYS_setreuid SYS_setrlimit SYS_setsid
      \ SYS_setsockopt SYS_settimeofday SYS_setuid SYS_setxattr SYS_shmat SYS_shmctl SYS_shmdt SYS_shmget SYS_shutdown
      \ SYS_sigaltstack SYS_signalfd SYS_signalfd4 SYS_socket SYS_socketpair SYS_splice SYS_stat SYS_statfs SYS_statx
      \ SYS_swapoff SYS_swapon SYS_symlink SYS_symlinkat SYS_sync SYS_sync_file_range SYS_syncfs SYS_sysfs SYS_sysinfo
      \ SYS_syslog SYS_tee SYS_tgkill SYS_time SYS_timer_create SYS_timer_delete SYS_timer_getoverrun SYS_timer_gettime
      \ SYS_timer_settime SYS_timerfd_create SYS_timerfd_gettime SYS_timerfd_settime SYS_times SYS_tkill SYS_truncate
      \ SYS_tuxcall SYS_umask SYS_umount2 SYS_uname SYS_unlink SYS_unlinkat SYS_unshare SYS_uselib SYS_userfaultfd
      \ SYS_ustat SYS_utime SYS_utimensat SYS_utimes SYS_vfork SYS_vhangup SYS_vmsplice SYS_vserver SYS_wait4 SYS_waitid
      \ SYS_write SYS_writev S_IFBLK S_IFCHR S_IFDIR S_IFIFO S_IFLNK S_IFMT S_IFREG S_IFSOCK S_IRGRP S_IROTH S_IRUSR
      \ S_IRWXG S_IRWXO S_IRWXU S_ISGID S_ISUID S_ISVTX S_IWGRP S_IWOTH S_IWUSR S_IXGRP S_IXOTH S_IXUSR TIMER_ABSTIME
      \ TMPFS_MAGIC TRACEFS_MAGIC UMOUNT_NOFOLLOW V9FS_MAGIC WCONTINUED WEXITED WNOHANG WNOWAIT WSTOPPED WUNTRACED W_OK
      \ XFS_SUPER_MAGIC X_OK __WALL __WCLONE __WNOTHREAD
syn keyword ipcsErrno
      \ E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EADV EAFNOSUPPORT EAGAIN EALREADY EBADE EBADF EBADFD EBADMSG EBADR EBADRQC
      \ EBADSLT EBFONT EBUSY ECANCELED ECHILD ECHRNG ECOMM ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDEADLOCK
      \ EDESTADDRREQ EDOM EDOTDOT EDQUOT EEXIST EFAULT EFBIG EHOSTDOWN EHOSTUNREACH EHWPOISON EIDRM EILSEQ EINPROGRESS
      \ EINTR EINVAL EIO EISCONN EISDIR EISNAM EKEYEXPIRED EKEYREJECTED EKEYREVOKED EL2HLT EL2NSYNC EL3HLT EL3RST
      \ ELIBACC ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG ELOOP EMEDIUMTYPE EMFILE EMLINK EMSGSIZE EMULTIHOP ENAMETOOLONG
      \ ENAVAIL ENETDOWN ENETRESET ENETUNREACH ENFILE ENOANO ENOBUFS ENOCSI ENODATA ENODEV ENOENT ENOEXEC ENOKEY ENOLCK
      \ ENOLINK ENOMEDIUM ENOMEM ENOMSG ENONET ENOPKG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS ENOTBLK ENOTCONN ENOTDIR
      \ ENOTEMPTY ENOTNAM ENOTRECOVERABLE ENOTSOCK ENOTSUP ENOTTY ENOTUNIQ ENXIO EOPNOTSUPP EOVERFLOW EOWNERDEAD EPERM
      \ EPFNOSUPPORT EPIPE EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE EREMCHG EREMOTE EREMOTEIO ERESTART ERFKILL EROFS
      \ ESHUTDOWN ESOCKTNOSUPPORT ESPIPE ESRCH ESRMNT ESTALE ESTRPIPE ETIME ETIMEDOUT ETOOMANYREFS ETXTBSY EUCLEAN
      \ EUNATCH EUSERS EWOULDBLOCK EXDEV EXFULL
syn keyword ipcsSignal
      \ SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF
      \ SIGPWR SIGQUIT SIGRTMAX SIGRTMIN SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG
      \ SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ

" A call is a name that touches its parenthesis; one that is not in the catalogue is a `def`, or a mistake.
syn match ipcsLocalCall /\<\h\w*(\@=/ contains=ipcsCall
syn keyword ipcsCall contained
      \ _exit accept accept4 access alarm atexit bind capget capset cat caught chdir chmod chown clock_gettime
      \ clock_nanosleep clone close close_range connect creat dup dup2 dup3 epoll_create1 epoll_ctl epoll_wait execve
      \ exit exited faccessat fchdir fchmod fchown fcntl flock fork fstat fstatfs fsync ftruncate getcwd getdomainname
      \ getegid geteuid getgid getgroups gethostname getpeername getpgid getpgrp getpid getppid getresgid getresuid
      \ getsid getsockname getsockopt gettid getuid ioctl kill killed killpg lchown len link listen load lockf ls lseek
      \ lstat major makedev memfd_create minor mkdir mkfifo mkfifoat mknod mmap mount mountinfo mprotect mq_close
      \ mq_getattr mq_notify mq_open mq_receive mq_send mq_setattr mq_timedreceive mq_timedsend mq_unlink msgctl msgget
      \ msgrcv msgsnd msync munmap nanosleep ns open openat output pause pidfd_open pidfd_send_signal pipe pipe2 poll
      \ popen ppoll prctl pread pwrite raise raw read readlink recv recvfrom recvmsg rename renameat2 rmdir seccomp
      \ sem_close sem_destroy sem_getvalue sem_init sem_open sem_post sem_timedwait sem_trywait sem_unlink sem_wait
      \ semctl semget semop semtimedop send sendmsg sendto setdomainname setegid seteuid setgid setgroups sethostname
      \ setns setpgid setregid setresgid setresuid setreuid setsid setsockopt setuid shm_open shm_unlink shmat shmctl
      \ shmdt shmget shutdown sigaction signal sigpending sigprocmask sigqueue sigsuspend sigtimedwait sigwait
      \ sigwaitinfo sleep socket socketpair stat statfs stopped store symlink syscall system table tgkill truncate umask
      \ umount umount2 uname unlink unlinkat unshare wait waitid waitpid write write_file

" Words of the language. None is a keyword of Vim: a field of a record may bear any of these names.
syn match ipcsOutcome /\<\%(_\|always\|blocked\|blocks\|contains\|deadlock\|dies\|eventually\|exits\|matches\|never\|ok\|resumes\|sleeps\|sometimes\|stays\)\>/
syn match ipcsWord /\<\%(and\|do\|in\|kernel\|not\|or\)\>/
syn match ipcsStatement /\%(^\s*\|[{}]\s*\)\@60<=\%(actor\|const\|def\|each\|else\|expect\|for\|if\|include\|interleave\|needs\|scenario\|setup\)\>/
syn match ipcsStatement /\%(\<else\s\+\)\@60<=if\>/
syn match ipcsActor /\%(^\s*\|{\s*\)\@60<=\h\w*\%(\s*,\s*\h\w*\)*\ze\s*:/
syn match ipcsActor /\%(^\s*actor\s\+\)\@60<=\h\w*\%(\s*,\s*\h\w*\)*/

" Types of C and kinds of namespaces stand behind a comma; elsewhere they are names like any other.
syn match ipcsType /\%(,\s*\)\@60<=\%(cgroup\|i16\|i32\|i64\|i8\|ipc\|mnt\|net\|pid\|pid_for_children\|time\|time_for_children\|u16\|u32\|u64\|u8\|user\|uts\)\>/ contained

" An operator; `->` stands before an outcome.
syn match ipcsOperator /[-+*\/%&^|~<>=!]=\=\|\.\./
syn match ipcsArrow /->/

" Numbers, with what may stand behind them.
syn match ipcsNumber /\<\%(0x\x\+\|0o\o\+\|0\|[1-9]\d*\)[KMG]\=\>/
syn match ipcsVersion /\<\d\+\%(\.\d\+\)\+\>/
syn match ipcsDuration /\<\d\+\%(ns\|us\|ms\|s\|min\)\>/
" 0600 is no octal number here: it is written 0o600.
syn match ipcsBadNumber /\<0\d\+\>/

" Texts. A title takes everything as it is, other strings put values in.
syn region ipcsString start=/"/ skip=/\\./ end=/"/ oneline contains=ipcsEscape,ipcsInterpolation
syn region ipcsRawString start=/\<r"/ end=/"/ oneline
syn match ipcsEscape /\\\%(x\x\x\|.\)/ contained
syn match ipcsInterpolation /{\h[^{}"]*}/ contained
syn match ipcsTitle /\%(^\s*\%(scenario\|include\)\s\+\)\@60<="\%(\\.\|[^"\\]\)*"/ contains=ipcsEscape

" What brackets hold: values, and in a record the names of fields.
syn cluster ipcsValue contains=ipcsConstant,ipcsErrno,ipcsSignal,ipcsLocalCall,ipcsOutcome,ipcsWord,ipcsType,ipcsOperator,ipcsNumber,ipcsVersion,ipcsDuration,ipcsBadNumber,ipcsString,ipcsRawString,ipcsParentheses,ipcsList,ipcsInner,ipcsComment
syn region ipcsParentheses matchgroup=ipcsBracket start=/(/ end=/)/ contains=@ipcsValue
syn region ipcsList matchgroup=ipcsBracket start=/\[/ end=/\]/ contains=@ipcsValue
syn region ipcsInner matchgroup=ipcsBracket start=/{/ end=/}/ contained contains=@ipcsValue,ipcsField
" Outside of brackets a brace opens a block, but after these it opens a record.
syn region ipcsRecord matchgroup=ipcsBracket start=/\%(\%(->\|=\|\<or\|\<in\|\<eventually\)\s*\)\@60<={/ end=/}/ contains=@ipcsValue,ipcsField
syn match ipcsField /\<\h\w*\ze\s*:/ contained

syn match ipcsComment /#.*$/ contains=@Spell
syn match ipcsDoc /^\s*##.*$/ contains=@Spell

hi def link ipcsComment Comment
hi def link ipcsDoc SpecialComment
hi def link ipcsTitle Title
hi def link ipcsString String
hi def link ipcsRawString String
hi def link ipcsEscape SpecialChar
hi def link ipcsInterpolation Identifier
hi def link ipcsNumber Number
hi def link ipcsVersion Number
hi def link ipcsDuration Number
hi def link ipcsBadNumber Error
hi def link ipcsStatement Statement
hi def link ipcsOutcome Conditional
hi def link ipcsWord Keyword
hi def link ipcsActor Type
hi def link ipcsType StorageClass
hi def link ipcsCall Function
hi def link ipcsLocalCall Macro
hi def link ipcsField Identifier
hi def link ipcsConstant Constant
hi def link ipcsErrno Exception
hi def link ipcsSignal PreProc
hi def link ipcsOperator Operator
hi def link ipcsArrow Delimiter
hi def link ipcsBracket Delimiter

let b:current_syntax = 'ipcs'
let &cpoptions = s:cpoptions
unlet s:cpoptions
