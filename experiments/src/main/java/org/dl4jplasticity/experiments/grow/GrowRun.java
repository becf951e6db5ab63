package org.dl4jplasticity.experiments.grow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.EpochBar;
import org.dl4jplasticity.experiments.run.FixedWidths;
import org.dl4jplasticity.experiments.run.LossGuard;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.run.TrainingDiverged;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.growth.PlasticityMetrics;
import org.dl4jplasticity.growth.PlasticityMetrics.LayerMetrics;
import org.dl4jplasticity.journal.MutationJournal;
import org.nd4j.linalg.dataset.DataSet;

/**
 * One run of an experiment on growth: a network of one arm and one seed learns task after task.
 * Writes {@code config.json}, {@code initial.zip}, {@code journal.jsonl}, {@code curves.csv},
 * {@code growths.csv}, {@code model.zip} and, last, {@code report.json}.
 */
final class GrowRun {
    /** Examples by which lost plasticity is measured. */
    private static final int MEASURED = 1_000;

    /** The score of a dormant unit, as ReDo's authors have it. */
    private static final double DORMANT = 0.025;

    private static final double NANOSECONDS = 1e9;

    private final GrowSettings settings;
    private final RunFolder folder;
    private final List<Task> tasks;
    private final Network network;
    private final LossGuard loss = new LossGuard();
    private final List<GrowReport.Point> curve = new ArrayList<>();
    private double seconds;

    /**
     * A run, not yet begun.
     *
     * @param settings of the run, with its folder
     * @param data the data set
     * @param dropin what dropin came to under the same seed, if the arm needs it, else null
     */
    GrowRun(GrowSettings settings, TrainTest data, GrowReport dropin) {
        this.settings = settings;
        folder = new RunFolder(settings.training().out());
        tasks = Task.of(settings, data);
        network = create(dropin);
    }

    private Network create(GrowReport dropin) {
        TrainSettings training = settings.training();
        ModelSpec model = ModelSpec.parse(training.model());
        Network given = model.create(training, tasks.get(0).train(), allSteps());
        requireLayers(given);
        if (!settings.experiment().hasOneTask() && !(model instanceof ModelSpec.FromFile)) {
            given.setLearningRate(training.learningRate()); // nobody knows how many tasks will come
        }
        return switch (settings.arm()) {
            case STATIC_FINAL -> FixedWidths.fresh(given, dropin.widths());
            case EQUAL_PARAMETERS -> FixedWidths.equal(given, dropin.parameters());
            case AID -> IntervalActivations.replaceIn(given, settings.seed());
            default -> given;
        };
    }

    private void requireLayers(Network given) {
        if (FixedWidths.of(given).isEmpty()) {
            throw new IllegalArgumentException(
                    "--model: %s has no hidden layer whose width can change"
                            .formatted(settings.training().model()));
        }
    }

    private long allSteps() {
        return tasks.stream()
                .mapToLong(task -> (long) steps(task) * settings.training().epochs())
                .sum();
    }

    private int steps(Task task) {
        int batch = settings.training().batch();
        return (task.train().size() + batch - 1) / batch;
    }

    /** Runs, and returns what was written to the report. */
    GrowReport run() {
        Backend.tune();
        folder.clear("report.json", "journal.jsonl", "growths.csv");
        folder.write(
                "config.json",
                TrainReport.json(Settings.texts(settings.config(), settings.seed())));
        folder.write("initial.zip", network::save);
        ArmRule rule = ArmRule.of(settings, tasks.get(0), steps(tasks.get(0)));
        List<GrowReport.TaskResult> results = new ArrayList<>();
        try (MutationJournal journal =
                MutationJournal.create(folder.folder().resolve("journal.jsonl"))) {
            network.addListener(loss);
            network.addListener(new EpochBar(allSteps(), 0));
            rule.attach(network, journal);
            for (Task task : tasks) {
                rule.begin(task);
                results.add(learn(task));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't use the folder %s: %s".formatted(folder.folder(), e), e);
        }
        GrowReport report = report(results, rule);
        folder.write("model.zip", network::save);
        folder.write("curves.csv", report.curveAsCsv());
        folder.write("growths.csv", report.growthsAsCsv());
        folder.write("report.json", TrainReport.json(report));
        return report;
    }

    private GrowReport.TaskResult learn(Task task) {
        TrainSettings training = settings.training();
        ExampleIterator batches =
                task.train().iterator(training.batch(), training.seed()).reusingArrays();
        OnlineAccuracy online = new OnlineAccuracy(network);
        if (tasks.size() > 1) {
            batches.setPreProcessor(online);
        }
        for (int epoch = 0; epoch < training.epochs(); epoch++) {
            batches.moveTo(curve.size(), 0);
            long begin = System.nanoTime();
            try {
                network.fit(batches);
            } catch (TrainingDiverged e) {
                throw e.at(network.iteration(), curve.size() + 1);
            }
            seconds += (System.nanoTime() - begin) / NANOSECONDS;
            curve.add(point(task));
        }
        return result(task, tasks.size() > 1 ? online.share() : null);
    }

    private GrowReport.Point point(Task task) {
        return new GrowReport.Point(
                curve.size() + 1,
                network.iteration(),
                tasks.indexOf(task) + 1,
                loss.meanLoss(),
                accuracy(task.validation()),
                FixedWidths.of(network).values().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining("-")),
                network.parameters(),
                seconds);
    }

    private double accuracy(LabeledExamples examples) {
        return network.accuracy(examples.iterator(MEASURED).reusingArrays());
    }

    private GrowReport.TaskResult result(Task task, Double online) {
        DataSet measured = task.test().iterator(MEASURED).next();
        PlasticityMetrics metrics =
                PlasticityMetrics.of(network.model(), DORMANT, measured.getFeatures());
        double accuracy = accuracy(task.test());
        return new GrowReport.TaskResult(
                task.name(),
                accuracy,
                accuracy,
                online,
                metrics.deadShare(),
                metrics.dormantShare(),
                metrics.layers().stream().map(LayerMetrics::effectiveRank).toList(),
                metrics.effectiveRank(),
                metrics.meanAbsoluteWeight(),
                network.parameters());
    }

    private GrowReport report(List<GrowReport.TaskResult> atTheirEnds, ArmRule rule) {
        List<GrowReport.TaskResult> results = new ArrayList<>();
        for (int i = 0; i < atTheirEnds.size(); i++) {
            boolean isLast = i == atTheirEnds.size() - 1;
            GrowReport.TaskResult result = atTheirEnds.get(i);
            results.add(
                    isLast ? result : result.withFinalTestAccuracy(accuracy(tasks.get(i).test())));
        }
        Map<String, Integer> widths = FixedWidths.of(network);
        return new GrowReport(
                results.stream()
                        .mapToDouble(GrowReport.TaskResult::testAccuracy)
                        .average()
                        .orElseThrow(),
                widths,
                network.parameters(),
                seconds,
                results,
                List.copyOf(curve),
                rule.growths(),
                settings.seed(),
                settings.config());
    }
}
