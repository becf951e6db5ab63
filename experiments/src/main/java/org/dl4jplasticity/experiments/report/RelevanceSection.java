package org.dl4jplasticity.experiments.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.report.HeatGrid.Scale;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.relevance.Relevance;
import org.dl4jplasticity.relevance.RelevanceComposite;
import org.dl4jplasticity.relevance.RelevanceStart;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What in the images makes the network say their class: layer-wise relevance propagation. */
final class RelevanceSection implements Section {
    /** Test images of each class. */
    private static final int EXAMPLES = 20;

    /** Classes that are shown. */
    private static final int CLASSES = 10;

    private static final int COLUMNS = 5;
    private static final double EPSILON = 1e-6;

    /** Weights of a network above which looking at its relevance takes too long for a page. */
    private static final long MOST_WEIGHTS = 50_000_000;

    @Override
    public void addTo(Page page, RunFiles run) {
        Optional<ImageInputs> image = ImageInputs.of(run.setting("dataset"));
        boolean isOfPlainTask =
                run.setting("experiment").isEmpty()
                        || run.setting("experiment").equals("start-small");
        if (image.isEmpty() || !isOfPlainTask || run.network().isEmpty()) {
            return;
        }
        page.heading("What it looks at");
        Network network = run.network().orElseThrow();
        Optional<LabeledExamples> test = run.testExamples();
        if (test.isEmpty()) {
            page.paragraph(
                    "The data set %s is not on this machine, so there are no pictures of relevance."
                            .formatted(run.setting("dataset")));
        } else if (network.activeWeights() > MOST_WEIGHTS) {
            page.paragraph(
                    "The network has more than %,d active weights, so there are no pictures of relevance."
                            .formatted(MOST_WEIGHTS));
        } else {
            addTo(page, network, test.get(), image.get());
        }
    }

    private static void addTo(Page page, Network network, LabeledExamples test, ImageInputs image) {
        try {
            page.figures(List.of(figure(network, test, image)));
        } catch (IllegalArgumentException e) {
            page.paragraph("There are no pictures of relevance: " + e.getMessage());
        }
    }

    private static Figure figure(Network network, LabeledExamples test, ImageInputs image) {
        int classes = Math.min(CLASSES, test.classes());
        double[][] means = new double[classes][];
        double[][] images = new double[classes][];
        for (int label = 0; label < classes; label++) {
            int wanted = label;
            LabeledExamples some = test.ofClasses(each -> each == wanted);
            DataSet batch = some.first(Math.min(EXAMPLES, some.size())).iterator(EXAMPLES).next();
            images[label] = mean(batch.getFeatures(), image);
            means[label] = mean(relevance(network, batch), image);
        }
        double most =
                Arrays.stream(means).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
        Scale scale =
                new Scale(ColourScale.DIVERGING, -Math.max(most, 1e-30), Math.max(most, 1e-30));
        HeatGrid grid = new HeatGrid("Relevance of each pixel, by class", COLUMNS).bar(scale);
        for (int from = 0; from < classes; from += COLUMNS) {
            int to = Math.min(classes, from + COLUMNS);
            for (int label = from; label < to; label++) {
                Scale ink = new Scale(ColourScale.INK, 0, Scale.upTo(images[label]).max());
                grid.picture(
                        test.classNames().get(label),
                        image.height(),
                        image.width(),
                        images[label],
                        ink);
            }
            for (int label = from; label < to; label++) {
                grid.picture("", image.height(), image.width(), means[label], scale);
            }
        }
        return grid.figure(
                "relevance",
                ("Above the mean of %d test images of a class, below the mean relevance of their pixels for that class (LRP, epsilon-plus):"
                                + " red speaks for it, blue against it.")
                        .formatted(EXAMPLES));
    }

    private static INDArray relevance(Network network, DataSet batch) {
        return Relevance.of(network.model())
                .rules(RelevanceComposite.epsilonPlus(EPSILON))
                .explain(batch.getFeatures(), RelevanceStart.trueLabel(batch.getLabels()))
                .inputs();
    }

    /** {@return the mean over examples, channels summed} */
    private static double[] mean(INDArray examples, ImageInputs image) {
        double[] mean = new double[image.pixels()];
        double[] all = examples.dup('c').data().asDouble();
        for (int i = 0; i < all.length; i++) {
            mean[i % image.pixels()] += all[i] / examples.size(0);
        }
        return mean;
    }
}
