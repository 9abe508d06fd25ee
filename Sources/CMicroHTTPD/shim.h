#include <microhttpd.h>
#include <string.h>

// Leaves paths as they were sent: nothing served here needs escaping.
static inline size_t microhttpd_unescape(void *context, struct MHD_Connection *connection, char *path) {
    (void)context;
    (void)connection;
    return strlen(path);
}

// Starts a server with one thread of its own, which Swift cannot, because the function is variadic. The socket is the
// server's from now on. NULL where it cannot be started.
static inline struct MHD_Daemon *microhttpd_start(
    MHD_socket listener, MHD_AccessHandlerCallback answer, MHD_RequestCompletedCallback completed,
    void *context, const struct MHD_OptionItem *options) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, context, MHD_OPTION_LISTEN_SOCKET,
        listener, MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_UNESCAPE_CALLBACK, microhttpd_unescape, NULL,
        MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static const uint64_t microhttpd_size_unknown = MHD_SIZE_UNKNOWN;
static const ssize_t microhttpd_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
