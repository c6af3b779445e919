//! The other half of a call that waits: the step of somebody else by which it goes on.

/// How the wait of a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counterpart {
    /// By this call, in which `$` stands for the object of the one that waits.
    OnSame(&'static str),
    /// By this call, in which `$` stands for the other end of a pipe or of a pair of sockets.
    OnOtherEnd(&'static str),
    /// By a signal for the one that waits.
    Signal,
    /// By the end of a child.
    EndOfChild,
}

/// What ends the wait in `call`; nothing where no one step would.
pub fn counterpart(call: &str) -> Option<Counterpart> {
    Some(match call {
        "semop" | "semtimedop" => Counterpart::OnSame("semop($, [{0, 1, 0}])"),
        "msgrcv" => Counterpart::OnSame("msgsnd($, {1, \"text\"})"),
        "msgsnd" => Counterpart::OnSame("msgrcv($, 100)"),
        "mq_receive" | "mq_timedreceive" => Counterpart::OnSame("mq_send($, \"text\")"),
        "mq_send" | "mq_timedsend" => Counterpart::OnSame("mq_receive($)"),
        "sem_wait" | "sem_timedwait" | "sem_clockwait" => Counterpart::OnSame("sem_post($)"),
        "pthread_mutex_lock" | "pthread_mutex_timedlock" => Counterpart::OnSame("pthread_mutex_unlock($)"),
        "pthread_cond_wait" | "pthread_cond_timedwait" => Counterpart::OnSame("pthread_cond_signal($)"),
        "pthread_rwlock_rdlock" | "pthread_rwlock_wrlock" => Counterpart::OnSame("pthread_rwlock_unlock($)"),
        "eventfd_read" => Counterpart::OnSame("eventfd_write($, 1)"),
        "flock" => Counterpart::OnSame("flock($, LOCK_UN)"),
        "read" => Counterpart::OnOtherEnd("write($, \"text\")"),
        "write" => Counterpart::OnOtherEnd("read($, 65536)"),
        "recv" | "recvfrom" | "recvmsg" => Counterpart::OnOtherEnd("send($, \"text\")"),
        "send" | "sendto" | "sendmsg" => Counterpart::OnOtherEnd("recv($, 65536)"),
        "pause" | "sigsuspend" => Counterpart::Signal,
        "wait" | "waitpid" | "waitid" | "wait3" | "wait4" => Counterpart::EndOfChild,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::operations;

    #[test]
    fn who_has_a_counterpart_waits_and_the_counterpart_is_a_call() {
        let known = |name: &str| operations().any(|call| call.name == name);
        for call in operations() {
            let Some(other) = counterpart(call.name) else { continue };
            assert!(!call.blocks.starts_with("never"), "{}", call.name);
            if let Counterpart::OnSame(step) | Counterpart::OnOtherEnd(step) = other {
                assert!(step.split('(').next().is_some_and(known) && step.contains('$'), "{step}");
            }
        }
        assert_eq!(counterpart("getpid"), None);
    }
}
