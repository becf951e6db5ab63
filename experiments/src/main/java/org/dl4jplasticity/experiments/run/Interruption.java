package org.dl4jplasticity.experiments.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * What a training does when its process is told to end, by Ctrl-C or by a signal: it is asked to
 * save itself, and the process waits until it has. As a listener it comes after the one that saves.
 */
public final class Interruption extends BaseTrainingListener implements AutoCloseable {
    /** Seconds the process waits at most. */
    private static final int PATIENCE = 60;

    private final String sentence;
    private final CountDownLatch saved = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interruption");
    private volatile boolean asked;
    private volatile boolean over;

    private Interruption(String sentence) {
        this.sentence = sentence;
    }

    /**
     * {@return one that is looked out for from now on}
     *
     * @param sentence what the user is told when all is saved
     */
    public static Interruption watch(String sentence) {
        Interruption interruption = new Interruption(sentence);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void await() {
        asked = true;
        try {
            if (!over && saved.await(PATIENCE, TimeUnit.SECONDS) && !over) {
                System.err.println("plasticity: " + sentence);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return whether the process is to end} */
    public boolean isAsked() {
        return asked;
    }

    /** To be called when all is saved, if it is asked: the process ends, and this never returns. */
    public void saved() {
        saved.countDown();
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // The process ends in a moment, whoever interrupts.
            }
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (asked) {
            saved();
        }
    }

    /** The training is over, well or not: there is nothing to save any more. */
    @Override
    public void close() {
        over = true;
        saved.countDown();
        if (!asked) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending just now; the hook sees that it is over.
            }
        }
    }
}
