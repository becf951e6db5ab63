package org.dl4jplasticity.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Threads that share the parts of a kernel with the thread that asks for them. A training step asks
 * a dozen times within a few milliseconds, each time for some ten to some hundred microseconds of
 * work, and waking a sleeping thread would take as long; so a helper that has finished looks out
 * for more work for a moment before it goes to sleep. If the helpers are busy for one thread,
 * another does its work alone.
 */
final class KernelThreads {
    /** How long a helper looks out for work before it sleeps, in nanoseconds. */
    private static final long LOOK_OUT = 100_000;

    /** Spins of a caller that waits for the last part; then it pauses, for others need the core. */
    private static final int PATIENCE = 10_000;

    /** A pause, in nanoseconds. */
    private static final long PAUSE = 50_000;

    private static final Job NOTHING = new Job(0, part -> {});

    private final ReentrantLock inUse = new ReentrantLock();
    private final Helper[] helpers;

    /** What the helpers are to work on. */
    private volatile Job job = NOTHING;

    /**
     * Starts the helpers.
     *
     * @param threads how many threads share the work, the caller's included; at least 1
     */
    KernelThreads(int threads) {
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper("sparse-kernels-" + (i + 1));
            helpers[i].start();
        }
    }

    int count() {
        return helpers.length + 1;
    }

    /** Does all parts, each once, on any thread; returns when they are done. */
    void run(int parts, IntConsumer part) {
        Job mine = new Job(parts, part);
        if (!inUse.tryLock()) {
            mine.work();
        } else {
            try {
                job = mine;
                for (Helper helper : helpers) {
                    if (helper.asleep) {
                        LockSupport.unpark(helper);
                    }
                }
                mine.work();
                mine.awaitDone();
            } finally {
                job = NOTHING;
                inUse.unlock();
            }
        }
        mine.rethrow();
    }

    private static final class Job {
        private final int parts;
        private final IntConsumer part;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    part.accept(i);
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        void awaitDone() {
            for (int spins = 0; done.get() < parts; spins++) {
                if (spins < PATIENCE) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, PAUSE);
                }
            }
        }

        void rethrow() {
            Throwable thrown = failure;
            if (thrown instanceof Error error) {
                throw error;
            } else if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }

    private final class Helper extends Thread {
        private volatile boolean asleep;

        Helper(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            Job last = NOTHING;
            while (true) {
                last = awaitAfter(last);
                last.work();
            }
        }

        private Job awaitAfter(Job last) {
            long until = System.nanoTime() + LOOK_OUT;
            while (true) {
                Job next = job;
                if (next != last) {
                    return next;
                }
                if (System.nanoTime() < until) {
                    Thread.onSpinWait();
                } else {
                    asleep = true;
                    if (job == last) {
                        LockSupport.park(KernelThreads.this);
                    }
                    asleep = false;
                }
            }
        }
    }
}
