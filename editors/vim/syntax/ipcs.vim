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
      \ ANON_INODE_FS_MAGIC AT_EACCESS AT_FDCWD AT_REMOVEDIR AT_SYMLINK_NOFOLLOW BINFMTFS_MAGIC BPF_FS_MAGIC
      \ BTRFS_SUPER_MAGIC CGROUP2_SUPER_MAGIC CGROUP_SUPER_MAGIC CLD_CONTINUED CLD_DUMPED CLD_EXITED CLD_KILLED
      \ CLD_STOPPED CLD_TRAPPED CLONE_CHILD_CLEARTID CLONE_CHILD_SETTID CLONE_CLEAR_SIGHAND CLONE_DETACHED CLONE_FILES
      \ CLONE_FS CLONE_INTO_CGROUP CLONE_IO CLONE_NEWCGROUP CLONE_NEWIPC CLONE_NEWNET CLONE_NEWNS CLONE_NEWPID
      \ CLONE_NEWTIME CLONE_NEWUSER CLONE_NEWUTS CLONE_PARENT CLONE_PARENT_SETTID CLONE_PIDFD CLONE_PTRACE CLONE_SETTLS
      \ CLONE_SIGHAND CLONE_SYSVSEM CLONE_THREAD CLONE_UNTRACED CLONE_VFORK CLONE_VM CLOSE_RANGE_CLOEXEC
      \ CLOSE_RANGE_UNSHARE DEBUGFS_MAGIC DEVPTS_SUPER_MAGIC DN_ACCESS DN_ATTRIB DN_CREATE DN_DELETE DN_MODIFY
      \ DN_MULTISHOT DN_RENAME EROFS_SUPER_MAGIC_V1 EXT4_SUPER_MAGIC FD_CLOEXEC FIONREAD FUSE_SUPER_MAGIC F_ADD_SEALS
      \ F_CREATED_QUERY F_DUPFD F_DUPFD_CLOEXEC F_DUPFD_QUERY F_GETFD F_GETFL F_GETLEASE F_GETLK F_GETOWN
      \ F_GETOWNER_UIDS F_GETOWN_EX F_GETPIPE_SZ F_GETSIG F_GET_FILE_RW_HINT F_GET_RW_HINT F_GET_SEALS F_LOCK F_NOTIFY
      \ F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW F_OK F_OWNER_PGRP F_OWNER_PID F_OWNER_TID F_RDLCK F_SEAL_EXEC
      \ F_SEAL_FUTURE_WRITE F_SEAL_GROW F_SEAL_SEAL F_SEAL_SHRINK F_SEAL_WRITE F_SETFD F_SETFL F_SETLEASE F_SETLK
      \ F_SETLKW F_SETOWN F_SETOWN_EX F_SETPIPE_SZ F_SETSIG F_SET_FILE_RW_HINT F_SET_RW_HINT F_TEST F_TLOCK F_ULOCK
      \ F_UNLCK F_WRLCK GETALL GETNCNT GETPID GETVAL GETZCNT HUGETLBFS_MAGIC IPC_CREAT IPC_EXCL IPC_INFO IPC_NOWAIT
      \ IPC_PRIVATE IPC_RMID IPC_SET IPC_STAT LOCK_EX LOCK_NB LOCK_SH LOCK_UN MAP_32BIT MAP_ANON MAP_ANONYMOUS
      \ MAP_DENYWRITE MAP_EXECUTABLE MAP_FILE MAP_FIXED MAP_FIXED_NOREPLACE MAP_GROWSDOWN MAP_HUGETLB MAP_HUGE_16GB
      \ MAP_HUGE_16MB MAP_HUGE_1GB MAP_HUGE_1MB MAP_HUGE_256MB MAP_HUGE_2GB MAP_HUGE_2MB MAP_HUGE_32MB MAP_HUGE_512KB
      \ MAP_HUGE_512MB MAP_HUGE_64KB MAP_HUGE_8MB MAP_HUGE_MASK MAP_HUGE_SHIFT MAP_LOCKED MAP_NONBLOCK MAP_NORESERVE
      \ MAP_POPULATE MAP_PRIVATE MAP_SHARED MAP_SHARED_VALIDATE MAP_STACK MAP_SYNC MAP_TYPE MFD_ALLOW_SEALING
      \ MFD_CLOEXEC MFD_EXEC MFD_HUGETLB MFD_HUGE_16GB MFD_HUGE_16MB MFD_HUGE_1GB MFD_HUGE_1MB MFD_HUGE_256MB
      \ MFD_HUGE_2GB MFD_HUGE_2MB MFD_HUGE_32MB MFD_HUGE_512KB MFD_HUGE_512MB MFD_HUGE_64KB MFD_HUGE_8MB MFD_HUGE_MASK
      \ MFD_HUGE_SHIFT MFD_NOEXEC_SEAL MQUEUE_MAGIC MQ_PRIO_MAX MSG_COPY MSG_EXCEPT MSG_INFO MSG_NOERROR MSG_STAT
      \ MSG_STAT_ANY MS_ASYNC MS_INVALIDATE MS_SYNC NFS_SUPER_MAGIC NSFS_MAGIC NULL OVERLAYFS_SUPER_MAGIC O_ACCMODE
      \ O_APPEND O_ASYNC O_CLOEXEC O_CREAT O_DIRECT O_DIRECTORY O_DSYNC O_EXCL O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY
      \ O_NOFOLLOW O_NONBLOCK O_PATH O_RDONLY O_RDWR O_RSYNC O_SYNC O_TMPFILE O_TRUNC O_WRONLY PIDFD_NONBLOCK
      \ PIDFD_THREAD PIPEFS_MAGIC PROC_SUPER_MAGIC PROT_EXEC PROT_GROWSDOWN PROT_GROWSUP PROT_NONE PROT_READ PROT_WRITE
      \ P_ALL P_PGID P_PID P_PIDFD RAMFS_MAGIC RENAME_EXCHANGE RENAME_NOREPLACE RENAME_WHITEOUT RWH_WRITE_LIFE_EXTREME
      \ RWH_WRITE_LIFE_LONG RWH_WRITE_LIFE_MEDIUM RWH_WRITE_LIFE_NONE RWH_WRITE_LIFE_NOT_SET RWH_WRITE_LIFE_SHORT R_OK
      \ SA_EXPOSE_TAGBITS SA_NOCLDSTOP SA_NOCLDWAIT SA_NODEFER SA_ONSTACK SA_RESETHAND SA_RESTART SA_SIGINFO
      \ SA_UNSUPPORTED SECRETMEM_MAGIC SECURITYFS_MAGIC SEEK_CUR SEEK_DATA SEEK_END SEEK_HOLE SEEK_SET SEM_INFO SEM_STAT
      \ SEM_STAT_ANY SEM_UNDO SEM_VALUE_MAX SETALL SETVAL SHM_DEST SHM_EXEC SHM_HUGETLB SHM_HUGE_16GB SHM_HUGE_16MB
      \ SHM_HUGE_1GB SHM_HUGE_1MB SHM_HUGE_256MB SHM_HUGE_2GB SHM_HUGE_2MB SHM_HUGE_32MB SHM_HUGE_512KB SHM_HUGE_512MB
      \ SHM_HUGE_64KB SHM_HUGE_8MB SHM_HUGE_MASK SHM_HUGE_SHIFT SHM_INFO SHM_LOCK SHM_LOCKED SHM_NORESERVE SHM_R
      \ SHM_RDONLY SHM_REMAP SHM_RND SHM_STAT SHM_STAT_ANY SHM_UNLOCK SHM_W SIGEV_NONE SIGEV_SIGNAL SIG_BLOCK SIG_DFL
      \ SIG_IGN SIG_SETMASK SIG_UNBLOCK SI_ASYNCIO SI_KERNEL SI_MESGQ SI_QUEUE SI_SIGIO SI_TIMER SI_TKILL SI_USER
      \ SOCKFS_MAGIC SQUASHFS_MAGIC STDERR_FILENO STDIN_FILENO STDOUT_FILENO ST_MANDLOCK ST_NOATIME ST_NODEV
      \ ST_NODIRATIME ST_NOEXEC ST_NOSUID ST_NOSYMFOLLOW ST_RDONLY ST_RELATIME ST_SYNCHRONOUS ST_VALID SYSFS_MAGIC
      \ S_IFBLK S_IFCHR S_IFDIR S_IFIFO S_IFLNK S_IFMT S_IFREG S_IFSOCK S_IRGRP S_IROTH S_IRUSR S_IRWXG S_IRWXO S_IRWXU
      \ S_ISGID S_ISUID S_ISVTX S_IWGRP S_IWOTH S_IWUSR S_IXGRP S_IXOTH S_IXUSR TMPFS_MAGIC TRACEFS_MAGIC V9FS_MAGIC
      \ WCONTINUED WEXITED WNOHANG WNOWAIT WSTOPPED WUNTRACED W_OK XFS_SUPER_MAGIC X_OK __WALL __WCLONE __WNOTHREAD
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
      \ _exit access atexit cat caught chdir chmod chown clone close close_range creat dup dup2 dup3 execve exit exited
      \ faccessat fchdir fchmod fchown fcntl flock fork fstat fstatfs fsync ftruncate getcwd getpgid getpgrp getpid
      \ getppid getsid gettid ioctl kill killed killpg lchown len link load lockf ls lseek lstat major makedev
      \ memfd_create minor mkdir mkfifo mkfifoat mknod mmap mountinfo mprotect mq_close mq_getattr mq_notify mq_open
      \ mq_receive mq_send mq_setattr mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd msync munmap ns
      \ open openat output pause pidfd_open pidfd_send_signal pipe pipe2 popen pread pwrite raise raw read readlink
      \ rename renameat2 rmdir sem_close sem_destroy sem_getvalue sem_init sem_open sem_post sem_timedwait sem_trywait
      \ sem_unlink sem_wait semctl semget semop semtimedop setns setpgid setsid shm_open shm_unlink shmat shmctl shmdt
      \ shmget sigaction signal sigpending sigprocmask sigqueue sigsuspend sigtimedwait sigwait sigwaitinfo stat statfs
      \ stopped store symlink system table tgkill truncate umask unlink unlinkat unshare wait waitid waitpid write
      \ write_file

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
