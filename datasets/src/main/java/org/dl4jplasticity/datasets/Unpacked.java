package org.dl4jplasticity.datasets;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** Files that may be gzip compressed, seen as what is in them. */
final class Unpacked {

    private static final int BUFFER = 1 << 16;

    private Unpacked() {}

    /** Opens a file; its content decides whether it is compressed, not its name. */
    static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + ": no such file");
        }
        InputStream raw = Files.newInputStream(file);
        try {
            return of(raw);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The content of a stream that may be gzip compressed, told by gzip's two magic bytes. */
    static InputStream of(InputStream raw) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1F && buffered.read() == 0x8B;
        buffered.reset();
        return gzip ? new GZIPInputStream(buffered, BUFFER) : buffered;
    }

    /** SHA-256 of a file's unpacked content, 64 lower-case hexadecimal digits. */
    static String sha256(Path file) {
        try (InputStream content = open(file)) {
            return sha256(content);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /** SHA-256 of what is left in a stream, 64 lower-case hexadecimal digits. */
    static String sha256(InputStream content) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** What to tell when a file that is there could not be read to its end. */
    static DataException unreadable(String name, IOException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new DataException("%s: can't be read: %s".formatted(name, reason), e);
    }
}
