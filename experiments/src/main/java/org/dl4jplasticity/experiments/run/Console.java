package org.dl4jplasticity.experiments.run;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dl4jplasticity.datasets.ConsoleProgress;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a run is told. At a terminal in sentences and columns, with colours unless {@code NO_COLOR}
 * or picocli's own setting turns them off. Into a pipe or a file standard output gets figures
 * alone, tab-separated and unrounded by thousands, and sentences go to standard error.
 */
public final class Console {
    private final boolean attached;

    /** The console of this process. */
    public Console() {
        this(ConsoleProgress.attachedToTerminal());
    }

    Console(boolean attached) {
        this.attached = attached;
    }

    /** Tells something in words. */
    public void say(String format, Object... arguments) {
        (attached ? System.out : System.err).println(String.format(Locale.ROOT, format, arguments));
    }

    /** Tells the names of columns; a width less than 0 is one of text that begins at the left. */
    public void columns(List<String> names, int... widths) {
        System.out.println(attached ? bold(aligned(names, widths)) : String.join("\t", names));
    }

    /** Tells a row of cells below {@link #columns}. */
    public void row(List<String> cells, int... widths) {
        System.out.println(attached ? aligned(cells, widths) : String.join("\t", cells));
    }

    /** Tells what came of it: names and what they are, one below the other. */
    public void summary(List<List<String>> rows) {
        int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
        for (List<String> row : rows) {
            System.out.println(
                    attached
                            ? bold(("%-" + (width + 2) + "s").formatted(row.get(0))) + row.get(1)
                            : String.join("\t", row));
        }
    }

    /**
     * Tells a text whose tables are in Markdown: as it is at a terminal, and else its cells alone,
     * its other lines being sentences.
     */
    public void markdown(String text) {
        if (attached) {
            System.out.print("\n" + text);
            return;
        }
        for (String line : text.lines().toList()) {
            if (!line.startsWith("|")) {
                say("%s", line);
            } else if (!line.startsWith("|---")) {
                System.out.println(
                        line.substring(1, line.length() - 1).strip().replaceAll(" *\\| *", "\t"));
            }
        }
    }

    /** {@return a whole number, in thousands where people read it} */
    public String count(long number) {
        return String.format(Locale.ROOT, attached ? "%,d" : "%d", number);
    }

    /** {@return a share, in percent where people read it} */
    public String share(double share) {
        return attached
                ? String.format(Locale.ROOT, "%.2f%%", 100 * share)
                : String.format(Locale.ROOT, "%.6f", share);
    }

    /** {@return a number with so many digits behind the point} */
    public String number(double number, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }

    private static String aligned(List<String> cells, int... widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> ("%" + widths[i] + "s").formatted(cells.get(i)))
                .collect(Collectors.joining("  "));
    }

    private static String bold(String text) {
        return Ansi.AUTO.string("@|bold " + text.replace("|", "/") + "|@");
    }
}
