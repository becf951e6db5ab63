package org.dl4jplasticity.experiments.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jplasticity.experiments.run.RunFolder;

/**
 * The page of a finished run: {@code report.html} in its folder, and its figures in the folder
 * {@code figures} there, each as PNG and CSV.
 */
public final class RunReport {
    static final String PAGE = "report.html";
    private static final String FIGURES = "figures";

    private static final List<Section> SECTIONS =
            List.of(
                    new SummarySection(),
                    new LotterySection(),
                    new SweepSection(),
                    new SearchSection(),
                    new GrowSection(),
                    new DropoutSection(),
                    new PruneSection(),
                    new BenchSection(),
                    new CurvesSection(),
                    new NeuronsSection(),
                    new UpdatesSection(),
                    new TopologySection(),
                    new WeightsSection(),
                    new RelevanceSection());

    private RunReport() {}

    /**
     * Makes the page of a run from the files in its folder.
     *
     * @param folder of the run
     * @param dataDir where data sets are looked for first, or null
     * @throws IllegalArgumentException if it is no run's folder, or that of one that isn't finished
     */
    public static void write(Path folder, Path dataDir) {
        RunFiles run = new RunFiles(folder, dataDir);
        Page page = new Page(run.name());
        for (Section section : SECTIONS) {
            try {
                section.addTo(page, run);
            } catch (LinkageError | InternalError e) { // a machine without fonts
                page.paragraph("Figures can't be drawn on this machine: " + e);
            }
        }
        write(page, new RunFolder(folder));
    }

    static void write(Page page, RunFolder folder) {
        RunFolder figures = new RunFolder(folder.folder().resolve(FIGURES));
        for (Figure figure : page.figures()) {
            figures.write(figure.name() + ".png", path -> write(path, figure.png()));
            figures.write(figure.name() + ".csv", figure.data().csv());
        }
        folder.write(PAGE, page.html());
    }

    private static void write(Path path, byte[] bytes) {
        try {
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
