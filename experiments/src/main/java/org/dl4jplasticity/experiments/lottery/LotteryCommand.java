package org.dl4jplasticity.experiments.lottery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.DataOptions;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plasticity lottery}. */
@Command(
        name = "lottery",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = {
            "Finds lottery tickets by iterative magnitude pruning (Frankle and Carbin 2019): trains,"
                    + " prunes the smallest weights, resets the others to the values they had, and"
                    + " again; and trains the controls that tickets are held against.",
            "A training whose report is there already is not made again, and one that was under way"
                    + " goes on, so a run that was stopped goes on when called once more."
        })
public final class LotteryCommand implements Callable<Integer> {
    private static final double HALF = 0.5;

    @Mixin private DataOptions data;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "lenet-300-100",
            description = "lenet-300-100, conv-2, conv-4, conv-6, vgg-11 or mlp:WIDTHS.")
    private String model;

    @Option(
            names = "--levels",
            paramLabel = "N",
            defaultValue = "12",
            description = "How often is pruned; the dense network comes before.")
    private int levels;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many seeds everything is run with.")
    private int seeds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first seed; the next ones follow it.")
    private long seed;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description =
                    "Of each training; by default the paper's: 50000 of lenet-300-100 and mlp, 20000"
                            + " of conv-2, 25000 of conv-4, 30000 of conv-6 and vgg-11.")
    private Integer iterations;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "60")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description =
                    "Of Adam; by default the paper's: 1.2e-3 of lenet-300-100 and mlp, 2e-4 of"
                            + " conv-2, 3e-4 of conv-4, conv-6 and vgg-11.")
    private Double learningRate;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description =
                    "Share of the training examples held out for validation; by default a tenth of"
                            + " cifar10 and a twelfth of others: 5,000 of MNIST's 60,000.")
    private Double validation;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            defaultValue = "100",
            description = "Iterations between looks at the validation examples.")
    private int evaluateEvery;

    @Option(
            names = "--rate",
            paramLabel = "P",
            defaultValue = "0.2",
            description = "Share of the weights left that a level prunes.")
    private double rate;

    @Option(
            names = "--output-rate",
            paramLabel = "P",
            description = "The same of the output layer; half of --rate by default.")
    private Double outputRate;

    @Option(
            names = "--conv-rate",
            paramLabel = "P",
            description =
                    "The same of convolutions; by default the paper's: 0.1 of conv-2 and conv-4,"
                            + " 0.15 of conv-6 and vgg-11.")
    private Double convolutionRate;

    @Option(
            names = "--global",
            description = "Prunes --rate of all layers together, the smallest wherever they are.")
    private boolean global;

    @Option(
            names = "--rewind",
            paramLabel = "K",
            defaultValue = "0",
            description = "The iteration that weights are reset to the values of.")
    private int rewind;

    @Option(
            names = "--one-shot",
            description = "Also prunes the trained dense network once to each level's counts.")
    private boolean oneShot;

    @Option(
            names = "--learning-rate-rewinding",
            description = "Also prunes level by level with trained values kept.")
    private boolean learningRateRewinding;

    @Option(
            names = "--controls",
            paramLabel = "CONTROL",
            split = ",",
            defaultValue = "reinit",
            description =
                    "Of reinit (the ticket's connections, drawn anew), random (as many connections,"
                            + " chosen at random) and sign (the ticket's connections with their"
                            + " signs and one magnitude), or none.")
    private List<String> controls;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "masked",
            description =
                    "masked, or packed: layers are trained packed from the level on at which that is"
                            + " faster.")
    private Mode mode;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "2500",
            description = "Iterations between checkpoints within a training.")
    private int checkpointEvery;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for levels.csv, report.json, report.html, its figures and a folder of"
                            + " each training; runs/lottery_... by default.")
    private Path out;

    @Override
    public Integer call() {
        Settings.require("--levels", levels >= 0, "at least 0", levels);
        Settings.require("--seeds", seeds >= 1, "at least 1", seeds);
        LotterySettings settings = settings();
        LotteryTable table =
                new Lottery(
                                settings,
                                levels,
                                arms(),
                                LongStream.range(seed, seed + seeds).boxed().toList())
                        .run();
        RunReport.write(settings.out(), settings.dataDir());
        Console console = new Console();
        table.comparisons().forEach(each -> console.say("%s", each.sentence()));
        console.say("levels.csv, report.json and report.html are in %s", settings.out());
        return CommandLine.ExitCode.OK;
    }

    private LotterySettings settings() {
        LotteryModel paper = LotteryModel.of(model);
        return new LotterySettings(
                data.dataset(),
                data.dataDir(),
                model,
                mode,
                batch,
                learningRate == null ? paper.learningRate() : learningRate,
                iterations == null ? paper.iterations() : iterations,
                evaluateEvery,
                checkpointEvery,
                validation == null ? usualValidation() : validation,
                rate,
                outputRate == null ? HALF * rate : outputRate,
                convolutionRate == null ? paper.convolutionRate() : convolutionRate,
                global,
                rewind,
                out == null ? Path.of("runs").resolve(folderName()) : out);
    }

    private double usualValidation() {
        return data.dataset().equals("cifar10") ? 1 / 10.0 : 1 / 12.0;
    }

    private String folderName() {
        return ("lottery_" + data.dataset() + "_" + model).replaceAll("[^A-Za-z0-9._-]", "-");
    }

    private List<LotteryArm> arms() {
        Set<LotteryArm> chosen = EnumSet.of(LotteryArm.TICKET);
        if (oneShot) {
            chosen.add(LotteryArm.ONE_SHOT);
        }
        if (learningRateRewinding) {
            chosen.add(LotteryArm.LEARNING_RATE);
        }
        if (!controls.equals(List.of("none"))) {
            controls.forEach(name -> chosen.add(control(name)));
        }
        return new ArrayList<>(chosen);
    }

    private static LotteryArm control(String name) {
        for (LotteryArm arm : LotteryArm.values()) {
            if (arm.isControl() && arm.toString().equals(name)) {
                return arm;
            }
        }
        throw new IllegalArgumentException(
                "--controls must be of reinit, random and sign, or none, got '%s'".formatted(name));
    }
}
