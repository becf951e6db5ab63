package org.dl4jplasticity.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A contestant on a line: it says {@code ready STATE}, then answers each line with one.
 *
 * <pre>
 * steps SECONDS LEAST         milliseconds of each training step made in SECONDS, at least LEAST
 * infer BATCH SECONDS LEAST   the same of inference
 * epoch                       trains on every example once: "seconds accuracy"
 * </pre>
 */
final class LineProtocol {
    private final Contestant contestant;
    private final LongSupplier nanoTime;

    /**
     * @param contestant who answers
     * @param nanoTime the clock, in nanoseconds
     */
    LineProtocol(Contestant contestant, LongSupplier nanoTime) {
        this.contestant = contestant;
        this.nanoTime = nanoTime;
    }

    /**
     * Answers until the input ends.
     *
     * @throws IllegalArgumentException for a line that is none of the above
     */
    void serve(BufferedReader in, PrintStream out) throws IOException {
        say(out, "ready " + contestant.state());
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            say(out, answer(line));
        }
    }

    private static void say(PrintStream out, String line) {
        out.print(line + "\n");
        out.flush();
    }

    private String answer(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words[0].equals("steps") && words.length == 3) {
            return times(contestant::step, words[1], words[2]);
        } else if (words[0].equals("infer") && words.length == 4) {
            Runnable inference = contestant.inference(Integer.parseInt(words[1]));
            return times(inference, words[2], words[3]);
        } else if (words[0].equals("epoch") && words.length == 1) {
            Contestant.Epoch epoch = contestant.epoch();
            return String.format(Locale.ROOT, "%.3f %.4f", epoch.seconds(), epoch.accuracy());
        }
        throw new IllegalArgumentException(
                "arena: steps SECONDS LEAST, infer BATCH SECONDS LEAST or epoch expected, got '%s'"
                        .formatted(line));
    }

    private String times(Runnable call, String seconds, String least) {
        long end = nanoTime.getAsLong() + (long) (Double.parseDouble(seconds) * 1e9);
        int atLeast = Integer.parseInt(least);
        List<Double> times = new ArrayList<>();
        while (times.size() < atLeast || nanoTime.getAsLong() < end) {
            long begin = nanoTime.getAsLong();
            call.run();
            times.add((nanoTime.getAsLong() - begin) / 1e6);
        }
        return times.stream()
                .map(time -> String.format(Locale.ROOT, "%.4f", time))
                .collect(Collectors.joining(" "));
    }
}
