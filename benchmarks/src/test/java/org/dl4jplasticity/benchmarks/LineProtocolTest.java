package org.dl4jplasticity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineProtocolTest {
    private static final long MILLISECOND = 1_000_000;

    /** A clock that only the contestant's work moves. */
    private long now;

    private final Contestant contestant =
            new Contestant() {
                @Override
                public String state() {
                    return "fake 1.0";
                }

                @Override
                public void step() {
                    now += 30 * MILLISECOND;
                }

                @Override
                public Runnable inference(int batch) {
                    return () -> now += batch * MILLISECOND / 4;
                }

                @Override
                public Epoch epoch() {
                    return new Epoch(12.5, 0.97531);
                }
            };

    @Test
    void saysThatItIsReady() throws IOException {
        assertThat(answers("")).isEqualTo("ready fake 1.0\n");
    }

    @Test
    void makesStepsUntilTheTimeIsOver() throws IOException {
        // begun at 0, 30, 60 and 90 ms; at 120 ms the 100 are over
        assertThat(answers("steps 0.1 1\n"))
                .isEqualTo("ready fake 1.0\n30.0000 30.0000 30.0000 30.0000\n");
    }

    @Test
    void makesTheLeastNumberOfStepsHoweverLongTheyTake() throws IOException {
        assertThat(answers("steps 0.001 2\n")).endsWith("\n30.0000 30.0000\n");
    }

    @Test
    void infersOnTheBatchAskedFor() throws IOException {
        assertThat(answers("infer 3 0.001 2\n")).endsWith("\n0.7500 0.7500\n");
    }

    @Test
    void answersEveryLineInTurn() throws IOException {
        assertThat(answers("epoch\nsteps 0 1\nepoch\n"))
                .isEqualTo("ready fake 1.0\n12.500 0.9753\n30.0000\n12.500 0.9753\n");
    }

    @Test
    void refusesALineItDoesNotKnow() {
        assertThatThrownBy(() -> answers("steps 1\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "arena: steps SECONDS LEAST, infer BATCH SECONDS LEAST or epoch expected,"
                                + " got 'steps 1'");
    }

    private String answers(String lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LineProtocol(contestant, () -> now)
                .serve(
                        new BufferedReader(new StringReader(lines)),
                        new PrintStream(out, false, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
