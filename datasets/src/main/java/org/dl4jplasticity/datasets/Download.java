package org.dl4jplasticity.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Downloads over HTTP. What may pass (server errors, a connection that breaks or falls silent, a
 * body that is too short) is tried three times, pausing longer each time. What won't (no such host,
 * no connection, no such file) is refused at once.
 */
final class Download {

    private static final int TRIES = 3;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
    private final Duration pause;
    private final Duration patience;

    /**
     * A way to download.
     *
     * @param pause between the first try and the second; doubles afterwards
     * @param patience how long a connection may be silent
     */
    Download(Duration pause, Duration patience) {
        this.pause = pause;
        this.patience = patience;
    }

    /** Trying again would not help. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /**
     * Fetches a file, whole.
     *
     * @param from http or https
     * @param to a file that isn't there yet; it appears when it is whole, until then ".part" is
     *     behind its name
     * @throws IOException with the reason as its message
     */
    void fetch(URI from, Path to, ProgressListener progress)
            throws IOException, InterruptedException {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        Duration wait = pause;
        for (int attempt = 1; ; attempt++) {
            try {
                fetchOnce(from, part, progress);
                Files.move(part, to);
                return;
            } catch (Refused e) {
                throw e;
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new IOException("%s, %d times".formatted(Origin.reason(e), TRIES), e);
                }
                progress.told(
                        "%s: %s; trying again in %d ms"
                                .formatted(from, Origin.reason(e), wait.toMillis()));
                TimeUnit.MILLISECONDS.sleep(wait.toMillis());
                wait = wait.multipliedBy(2);
            }
        }
    }

    private void fetchOnce(URI from, Path to, ProgressListener progress)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = respond(from);
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status != 200) {
                String reason = "HTTP status %d".formatted(status);
                if (status >= 500 || status == 429 || status == 408) {
                    throw new IOException(reason);
                }
                throw new Refused(reason, null);
            }
            long expected = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            progress.started(
                    from.getPath().substring(from.getPath().lastIndexOf('/') + 1), expected);
            try {
                long received = receive(body, to, progress);
                if (expected >= 0 && received != expected) {
                    throw new IOException(
                            "truncated, %d bytes of %d".formatted(received, expected));
                }
            } finally {
                progress.finished();
            }
        }
    }

    private HttpResponse<InputStream> respond(URI from) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(from).timeout(patience).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (HttpConnectTimeoutException e) {
            throw new Refused(
                    "no connection within %d s".formatted(CONNECT_TIMEOUT.toSeconds()), e);
        } catch (ConnectException e) {
            String what =
                    hasCause(e, UnresolvedAddressException.class) ? "address for" : "connection to";
            throw new Refused("no %s %s".formatted(what, from.getHost()), e);
        } catch (SSLException e) {
            throw new Refused("no secure connection: " + Origin.reason(e), e);
        }
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
        return failure != null && (kind.isInstance(failure) || hasCause(failure.getCause(), kind));
    }

    /** Copies a body to a file; gives up when nothing comes for as long as the patience lasts. */
    private long receive(InputStream body, Path to, ProgressListener progress) throws IOException {
        Silence silence = new Silence(body);
        byte[] chunk = new byte[1 << 16];
        long received = 0;
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                out.write(chunk, 0, n);
                received += n;
                silence.broken();
                progress.advanced(received);
            }
        } catch (IOException e) {
            throw silence.lasted() ? silence.failure() : e;
        } finally {
            silence.end();
        }
        if (silence.lasted()) {
            throw silence.failure();
        }
        return received;
    }

    /**
     * Closes a stream that nothing comes from: the client itself waits for a body without limit.
     */
    private final class Silence {
        private final ScheduledThreadPoolExecutor clock =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread thread = new Thread(task, "download-patience");
                            thread.setDaemon(true);
                            return thread;
                        });
        private volatile long lastHeard = System.nanoTime();
        private volatile boolean lasted;

        Silence(InputStream body) {
            long nanos = patience.toNanos();
            var unused =
                    clock.scheduleWithFixedDelay(
                            () -> closeIfSilent(body), nanos / 4, nanos / 4, TimeUnit.NANOSECONDS);
        }

        private void closeIfSilent(InputStream body) {
            if (System.nanoTime() - lastHeard > patience.toNanos()) {
                lasted = true;
                try {
                    body.close();
                } catch (IOException e) {
                    // The reader hears of the failure by itself.
                }
            }
        }

        void broken() {
            lastHeard = System.nanoTime();
        }

        boolean lasted() {
            return lasted;
        }

        IOException failure() {
            return new IOException("silent for %d ms".formatted(patience.toMillis()));
        }

        void end() {
            clock.shutdownNow();
        }
    }
}
