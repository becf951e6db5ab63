package org.dl4jplasticity.journal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/** Small journals, and journals as another program might write them. */
final class JournalFiles {
    static final List<Mutation> THREE =
            List.of(
                    new Mutation(
                            0,
                            100,
                            0,
                            "rewire",
                            "0/W",
                            new long[] {1, 5},
                            new long[] {2, 7},
                            42,
                            Map.of("threshold", 0.25, "fraction", 0.3),
                            "00000000000000aa",
                            "00000000000000bb"),
                    new Mutation(
                            1,
                            100,
                            0,
                            "prune",
                            "out/W",
                            new long[] {0},
                            new long[0],
                            -7,
                            Map.of(),
                            "00000000000000cc",
                            "00000000000000dd"),
                    new Mutation(
                            2,
                            200,
                            1,
                            "grow",
                            "0/W",
                            new long[0],
                            new long[] {1, 5, 11},
                            0,
                            Map.of("gain", Double.NaN),
                            "00000000000000bb",
                            "00000000000000ee"));

    private JournalFiles() {}

    static void write(Path journal, List<Mutation> mutations) throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            for (Mutation mutation : mutations) {
                writer.append(mutation);
            }
        }
    }

    static MutationJournal.Contents read(byte[] journal) throws IOException {
        try (JournalReader reader =
                new JournalReader(new ByteArrayInputStream(journal), "journal.jsonl")) {
            return MutationJournal.readAll(reader);
        }
    }

    /** {@return a journal of given objects, each without its closing brace, with proper checks} */
    static byte[] chained(String... openObjects) {
        StringBuilder journal = new StringBuilder();
        String check = "0".repeat(16);
        for (String object : openObjects) {
            check = sha256(check + object).substring(0, 16);
            journal.append(object).append(",\"check\":\"").append(check).append("\"}\n");
        }
        return bytes(journal.toString());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        try {
            StringBuilder digits = new StringBuilder();
            for (byte value : MessageDigest.getInstance("SHA-256").digest(bytes(text))) {
                digits.append("%02x".formatted(value));
            }
            return digits.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
