package org.dl4jplasticity.datasets;

import java.io.Console;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows how a fetch goes on standard error: a bar when a terminal is attached, else one plain line
 * per item.
 */
public final class ConsoleProgress implements ProgressListener {

    private static final long MEBIBYTE = 1 << 20;

    private final boolean bars;
    private final PrintStream out;
    private ProgressBar bar;

    /** Bars if the process is attached to a terminal. */
    public ConsoleProgress() {
        this(attachedToTerminal(), System.err);
    }

    ConsoleProgress(boolean bars, PrintStream out) {
        this.bars = bars;
        this.out = out;
    }

    /**
     * {@return whether the process is attached to a terminal}
     *
     * <p>From Java 22 on there is a console without a terminal too, and {@code Console.isTerminal}
     * tells; before that the console is the terminal.
     */
    @SuppressWarnings("SystemConsoleNull") // isTerminal is asked where there is one
    public static boolean attachedToTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    @Override
    public void told(String sentence) {
        out.println(sentence);
    }

    @Override
    public void started(String item, long bytes) {
        if (bars) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(item)
                            .setInitialMax(bytes)
                            .setUnit(" MiB", MEBIBYTE)
                            .build();
        } else if (bytes < 0) {
            out.println("Fetching " + item);
        } else {
            out.printf("Fetching %s (%.1f MiB)%n", item, (double) bytes / MEBIBYTE);
        }
    }

    @Override
    public void advanced(long bytesSoFar) {
        if (bar != null) {
            bar.stepTo(bytesSoFar);
        }
    }

    @Override
    public void finished() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
