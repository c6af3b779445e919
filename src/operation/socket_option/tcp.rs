//! Options of TCP and UDP; see tcp(7), udp(7).

use super::form::Form;
use crate::operation::entry::constants;
use crate::value::Value;

constants! {
    /// options of the level IPPROTO_TCP
    choice TcpOption(i32) {
        TCP_NODELAY = 1, "are small pieces sent at once, instead of waiting for the answer to the one before?";
        TCP_MAXSEG = 2, "how long a segment may be";
        TCP_CORK = 3, "are only full segments sent?";
        TCP_KEEPIDLE = 4, "seconds until an idle connection is tested";
        TCP_KEEPINTVL = 5, "seconds between tests";
        TCP_KEEPCNT = 6, "how many tests without an answer end a connection";
        TCP_SYNCNT = 7, "how often connect asks again, after 1, 2, 4 seconds and so on";
        TCP_LINGER2 = 8, "seconds that a closed socket waits for the end from its peer";
        TCP_DEFER_ACCEPT = 9, "does accept wait until there is something to read? in seconds";
        TCP_WINDOW_CLAMP = 10, "the most room that the peer is told of";
        TCP_INFO = 11, "all about the connection, as a tcp_info; read only";
        TCP_QUICKACK = 12, "is what comes acknowledged at once?";
        TCP_CONGESTION = 13, "the name of the algorithm against congestion";
        TCP_MD5SIG = 14, "signatures, for BGP; write only";
        TCP_COOKIE_TRANSACTIONS = 15, "gone from Linux";
        TCP_THIN_LINEAR_TIMEOUTS = 16, "are thin streams asked for again at even times?";
        TCP_THIN_DUPACK = 17, "is one double answer enough for thin streams? no effect any more";
        TCP_USER_TIMEOUT = 18, "milliseconds that data may stay unanswered before the connection ends";
        TCP_REPAIR = 19, "is the socket being restored? needs CAP_NET_ADMIN";
        TCP_REPAIR_QUEUE = 20, "which queue is being restored";
        TCP_QUEUE_SEQ = 21, "the sequence number of that queue";
        TCP_REPAIR_OPTIONS = 22, "what was agreed, to be restored";
        TCP_FASTOPEN = 23, "how many connections may bring data with their first segment";
        TCP_TIMESTAMP = 24, "the clock of the time stamps";
        TCP_NOTSENT_LOWAT = 25, "bytes not sent below which the socket is writable";
        TCP_CC_INFO = 26, "what the algorithm against congestion tells; read only";
        TCP_SAVE_SYN = 27, "are first segments kept?";
        TCP_SAVED_SYN = 28, "the first segment; read only";
        TCP_REPAIR_WINDOW = 29, "the windows, to be restored";
        TCP_FASTOPEN_CONNECT = 30, "does connect wait for the first data?";
        TCP_ULP = 31, "the name of a protocol on top, such as tls";
        TCP_MD5SIG_EXT = 32, "signatures with a prefix; write only";
        TCP_FASTOPEN_KEY = 33, "the key of TCP_FASTOPEN";
        TCP_FASTOPEN_NO_COOKIE = 34, "does TCP_FASTOPEN do without a cookie?";
        TCP_ZEROCOPY_RECEIVE = 35, "maps what was received";
        TCP_INQ = 36, "do messages come with how much is left?";
        TCP_TX_DELAY = 37, "microseconds by which all is delayed";
    }
    /// options of the level IPPROTO_UDP
    choice UdpOption(i32) {
        UDP_CORK = 1, "is what is sent joined to one datagram, until this is cleared?";
        UDP_ENCAP = 100, "what is packed into the datagrams";
        UDP_NO_CHECK6_TX = 101, "version 6: no checksum on what is sent?";
        UDP_NO_CHECK6_RX = 102, "version 6: is no checksum accepted?";
        UDP_SEGMENT = 103, "the length into which a long send is cut";
        UDP_GRO = 104, "may datagrams be joined when received?";
    }
    /// states of TCP
    choice TcpState(u8) {
        TCP_ESTABLISHED = 1, "connected";
        TCP_SYN_SENT = 2, "has asked for a connection";
        TCP_SYN_RECV = 3, "has been asked, and has answered";
        TCP_FIN_WAIT1 = 4, "has ended its direction, not yet answered";
        TCP_FIN_WAIT2 = 5, "has ended its direction, answered";
        TCP_TIME_WAIT = 6, "both directions ended; old packets may still come";
        TCP_CLOSE = 7, "not connected";
        TCP_CLOSE_WAIT = 8, "the peer has ended its direction";
        TCP_LAST_ACK = 9, "has ended its direction after the peer, not yet answered";
        TCP_LISTEN = 10, "takes connections";
        TCP_CLOSING = 11, "both ended at the same time";
        TCP_NEW_SYN_RECV = 12, "inside the kernel: a request that is no socket yet";
    }
}

/// The form of an option of TCP.
pub(super) fn form(option: i32) -> Form {
    match option {
        11 => Form::TcpInfo,
        13 | 31 => Form::Text,
        14 | 22 | 26 | 28 | 29 | 32 | 33 | 35 => Form::Bytes,
        _ => Form::Int,
    }
}

/// The fields of struct tcp_info that are one byte each, in order; two of them hold several numbers.
const BYTES: [&str; 8] = [
    "tcpi_state",
    "tcpi_ca_state",
    "tcpi_retransmits",
    "tcpi_probes",
    "tcpi_backoff",
    "tcpi_options",
    "tcpi_wscale",
    "tcpi_delivery_rate_app_limited",
];
/// The fields behind them, four bytes each.
const WORDS: [&str; 24] = [
    "tcpi_rto",
    "tcpi_ato",
    "tcpi_snd_mss",
    "tcpi_rcv_mss",
    "tcpi_unacked",
    "tcpi_sacked",
    "tcpi_lost",
    "tcpi_retrans",
    "tcpi_fackets",
    "tcpi_last_data_sent",
    "tcpi_last_ack_sent",
    "tcpi_last_data_recv",
    "tcpi_last_ack_recv",
    "tcpi_pmtu",
    "tcpi_rcv_ssthresh",
    "tcpi_rtt",
    "tcpi_rttvar",
    "tcpi_snd_ssthresh",
    "tcpi_snd_cwnd",
    "tcpi_advmss",
    "tcpi_reordering",
    "tcpi_rcv_rtt",
    "tcpi_rcv_space",
    "tcpi_total_retrans",
];
/// The fields behind those, eight bytes each.
const LONGS: [&str; 4] = ["tcpi_pacing_rate", "tcpi_max_pacing_rate", "tcpi_bytes_acked", "tcpi_bytes_received"];

/// struct tcp_info, as far as scripts can use it.
pub(super) fn info(bytes: &[u8]) -> Value {
    let (head, rest) = bytes.split_at(bytes.len().min(BYTES.len()));
    let (words, rest) = rest.split_at(rest.len().min(4 * WORDS.len()));
    let each = |name: &&str, value: Value| ((*name).to_owned(), value);
    let bytes = BYTES.iter().zip(head).map(|(name, &byte)| each(name, Value::from(byte)));
    let words = WORDS.iter().zip(words.as_chunks::<4>().0).map(|(name, word)| each(name, Value::from(u32::from_ne_bytes(*word))));
    let longs = LONGS.iter().zip(rest.as_chunks::<8>().0).map(|(name, long)| each(name, Value::from(u64::from_ne_bytes(*long))));
    Value::Record(bytes.chain(words).chain(longs).collect())
}
