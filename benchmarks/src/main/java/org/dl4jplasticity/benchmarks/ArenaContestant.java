package org.dl4jplasticity.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.bench.StepContestants;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.kernel.KernelChoice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A process that the arena's driver starts: one contestant, which answers on stdin and stdout. */
@Command(name = "contestant")
public final class ArenaContestant implements Callable<Integer> {
    /** Who can be started here. */
    enum Name {
        /** DL4J's own layers. */
        DL4J_DENSE,
        /** This project's packed layers. */
        PACKED,
        /** Packed arrays and MKL's sparse products; needs the Maven profile {@code mkl}. */
        MKL
    }

    @Parameters(index = "0")
    private Name name;

    @Option(names = "--widths")
    private String widths = "784-1000-1000-1000-10";

    @Option(names = "--density")
    private double density = 0.1;

    @Option(names = "--batch")
    private int batch = 128;

    @Option(names = "--learning-rate")
    private double learningRate = 0.01;

    @Option(names = "--data-dir")
    private Path dataDir;

    private ArenaContestant() {}

    /**
     * Serves until stdin ends.
     *
     * @param args the contestant's name and options
     */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new ArenaContestant());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err); // the protocol's alone
        Backend.tune();
        new LineProtocol(contestant(), System::nanoTime)
                .serve(
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                        out);
        return CommandLine.ExitCode.OK;
    }

    private Contestant contestant() throws ReflectiveOperationException {
        int[] sizes = Arrays.stream(widths.split("-", -1)).mapToInt(Integer::parseInt).toArray();
        return switch (name) {
            case DL4J_DENSE ->
                    of("DL4J 1.0.0-M2.1", StepContestants.dense(sizes, learningRate), sizes);
            case PACKED ->
                    of(
                            KernelChoice.selected().name().toLowerCase(Locale.ROOT) + " kernels",
                            StepContestants.packed(sizes, density, learningRate),
                            sizes);
            case MKL ->
                    // By name: compiled only in the profile that brings MKL.
                    Class.forName("org.dl4jplasticity.benchmarks.MklContestant")
                            .asSubclass(Contestant.class)
                            .getDeclaredConstructor(
                                    int[].class, double.class, int.class, double.class, Path.class)
                            .newInstance(sizes, density, batch, learningRate, dataDir);
        };
    }

    private Contestant of(String what, MultiLayerNetwork network, int[] sizes) {
        String state = what + ", JDK " + Runtime.version().feature();
        return new NetworkContestant(state, network, sizes, batch, dataDir);
    }
}
