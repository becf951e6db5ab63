package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page in a real browser, Debian's chromium. */
class BrowserTest {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));

    /** Counts what is in the frame once it is loaded, and tells it in the document itself. */
    private static final String PROBE =
            """
            <!DOCTYPE html><html><body style="margin:0">
            <iframe id="frame" style="border:0;width:%dpx;height:900px" srcdoc="%s"></iframe>
            <p id="told"></p>
            <script>
            document.getElementById('frame').onload = event => {
              const page = event.target.contentDocument;
              const images = [...page.images];
              document.getElementById('told').textContent = 'images=' + images.length
                + ' broken=' + images.filter(image => !image.naturalWidth).length
                + ' without-text=' + images.filter(image => !image.alt).length
                + ' too-wide=' + Math.max(0, page.documentElement.scrollWidth - %d)
                + ' ink=' + Math.min(...images.map(image => image.clientWidth));
            };
            </script></body></html>
            """;

    @TempDir private static Path runs;

    @TempDir private Path folder;

    private static Path page;
    private static Path browser;

    @BeforeAll
    static void aPage() {
        browser = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(
                browser != null,
                "there is no chromium here, so pages are not looked at in a browser; apt-get install"
                        + " chromium");
        Path out = runs.resolve("set");
        assertThat(
                        Plasticity.commandLine()
                                .execute(
                                        "train",
                                        "--model",
                                        "mlp:30-20",
                                        "--method",
                                        "set",
                                        "--sparsity",
                                        "0.8",
                                        "--epochs",
                                        "3",
                                        "--batch",
                                        "128",
                                        "--out",
                                        out.toString()))
                .isZero();
        page = out.resolve("report.html");
    }

    /** What the browser wrote: the document on standard output, its console on the other. */
    private record Said(String out, String err) {}

    private Said browse(Path file, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(browser.toString()));
        command.addAll(
                List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + Files.createTempDirectory(folder, "profile")));
        command.addAll(List.of(options));
        command.add(file.toUri().toString());
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Said(Files.readString(out), Files.readString(err, StandardCharsets.ISO_8859_1));
    }

    private static long figures() throws IOException {
        try (var files = Files.list(page.resolveSibling("figures"))) {
            return files.filter(file -> file.toString().endsWith(".png")).count();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 360})
    void everyFigureIsThereAndNothingIsTooWide(int width) throws Exception {
        String text = Files.readString(page).replace("&", "&amp;").replace("\"", "&quot;");
        Path probe =
                Files.writeString(
                        folder.resolve("probe.html"), PROBE.formatted(width, text, width));

        Said said = browse(probe, "--window-size=1400,1000", "--dump-dom");

        Matcher told = Pattern.compile("<p id=\"told\">([^<]*)</p>").matcher(said.out());
        assertThat(told.find()).as(said.err()).isTrue();
        assertThat(told.group(1))
                .startsWith("images=%d broken=0 without-text=0 too-wide=0 ".formatted(figures()));
        int narrowest = Integer.parseInt(told.group(1).replaceAll(".*ink=", ""));
        assertThat(narrowest).isBetween(300, width);
    }

    @Test
    void theConsoleIsSilentAndThePictureOfThePageHasWhatItShows() throws Exception {
        Path shot = folder.resolve("shot.png");

        Said said = browse(page, "--window-size=1280,3000", "--screenshot=" + shot);

        assertThat(said.err()).doesNotContain("CONSOLE");
        BufferedImage image = ImageIO.read(shot.toFile());
        assertThat(image.getWidth()).isEqualTo(1280);
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 3) {
            for (int x = 0; x < image.getWidth(); x += 3) {
                colours.add(image.getRGB(x, y) & 0xFFFFFF);
            }
        }
        // The paper, and the first colours of lines and maps.
        assertThat(colours).contains(0xFFFFFF, 0x0072B2, 0xD55E00).hasSizeGreaterThan(100);
    }
}
