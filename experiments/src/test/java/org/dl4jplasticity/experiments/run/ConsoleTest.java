package org.dl4jplasticity.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final String ANSI = "picocli.ansi";

    @AfterEach
    void coloursAsTheyWere() {
        System.clearProperty(ANSI);
    }

    private static String told(boolean attached, Consumer<Console> telling) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            telling.accept(new Console(attached));
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static void run(Console console) {
        console.say("a sentence of %d", 1_000);
        console.columns(List.of("epoch", "weights"), 5, 9);
        console.row(List.of("1", console.count(12_345)), 5, 9);
        console.summary(
                List.of(
                        List.of("test accuracy", console.share(0.98765)),
                        List.of("folder", "runs/x")));
    }

    @Test
    void intoAPipeThereAreFiguresAloneAndTabsBetweenThem() {
        assertThat(told(false, ConsoleTest::run))
                .isEqualTo("epoch\tweights\n1\t12345\ntest accuracy\t0.987650\nfolder\truns/x\n");
    }

    @Test
    void atATerminalThereAreSentencesAndColumns() {
        System.setProperty(ANSI, "false");
        assertThat(told(true, ConsoleTest::run))
                .isEqualTo(
                        """
                        a sentence of 1000
                        epoch    weights
                            1     12,345
                        test accuracy  98.77%
                        folder         runs/x
                        """);
    }

    private static final String MARKDOWN =
            """
            | method | 0.9 |
            |---|---|
            | rigl | 98.1 ± 0.2 |
            | set |  |

            Mean accuracy.
            """;

    @Test
    void ofATableIntoAPipeThereAreItsCells() {
        assertThat(told(false, console -> console.markdown(MARKDOWN)))
                .isEqualTo("method\t0.9\nrigl\t98.1 ± 0.2\nset\t\n");
    }

    @Test
    void aTableAtATerminalIsAsItIs() {
        assertThat(told(true, console -> console.markdown(MARKDOWN))).isEqualTo("\n" + MARKDOWN);
    }

    @Test
    void headingsAreBoldWhereColoursAreOn() {
        System.setProperty(ANSI, "true");
        assertThat(told(true, console -> console.columns(List.of("epoch"), 5)))
                .startsWith("\u001B[1mepoch");
    }

    @Test
    void intoAPipeNothingIsBold() {
        System.setProperty(ANSI, "true");
        assertThat(told(false, console -> console.columns(List.of("epoch"), 5)))
                .isEqualTo("epoch\n");
    }
}
