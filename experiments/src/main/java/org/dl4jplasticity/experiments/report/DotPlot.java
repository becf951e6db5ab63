package org.dl4jplasticity.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A figure of one number of each of some things, which are told by name: a line for each, a dot at
 * its mean, and a dash over one standard deviation to both sides.
 */
final class DotPlot {
    private static final int WIDTH = 600;
    private static final int LINE = 22;
    private static final int TITLE = 34;
    private static final int AXIS = 44;
    private static final int GAP = 10;
    private static final int DOT = 9;
    private static final int TICKS = 5;
    private static final float THIN = 1.6f;
    private static final int TEXT = 14;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT);
    private static final Color GRID = new Color(0xDDDDDD);
    private static final Color DOTS = new Color(0x0072B2);
    private static final Color MARKED = new Color(0xD55E00);

    private final String title;
    private final String unit;
    private final List<Dot> dots = new ArrayList<>();
    private String marked = "";

    /**
     * A figure without dots yet.
     *
     * @param unit what the numbers are
     */
    DotPlot(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** A mean and its deviation, 0 where there is none to tell. */
    private record Dot(String name, double mean, double deviation) {
        double low() {
            return mean - deviation;
        }

        double high() {
            return mean + deviation;
        }
    }

    /** {@return this figure with a dot more} */
    DotPlot dot(String name, double mean, double deviation) {
        dots.add(new Dot(name, mean, deviation));
        return this;
    }

    /** {@return this figure with a line at the dot of a name, if there is one, to compare with} */
    DotPlot mark(String name) {
        marked = name;
        return this;
    }

    /** {@return the figure, of at least one dot} */
    Figure figure(String name, String text) {
        int height = TITLE + LINE * dots.size() + AXIS;
        List<List<String>> rows =
                dots.stream()
                        .map(
                                dot ->
                                        List.of(
                                                dot.name(),
                                                String.valueOf(dot.mean()),
                                                String.valueOf(dot.deviation())))
                        .toList();
        return new Figure(
                name,
                title,
                text,
                WIDTH,
                height,
                Figure.png(WIDTH, height, graphics -> paint(graphics, height)),
                new Table(List.of("name", "mean", "standardDeviation"), rows));
    }

    /** The places of numbers along the horizontal axis, whose ticks are multiples of a step. */
    private record Scale(double step, long first, long last, int left) {

        double x(double value) {
            double share = (value / step - first) / (last - first);
            return left + share * (WIDTH - GAP - GAP - left);
        }
    }

    private Scale scale(int left) {
        double min = dots.stream().mapToDouble(Dot::low).min().orElseThrow();
        double max = dots.stream().mapToDouble(Dot::high).max().orElseThrow();
        double step = step(max - min);
        long first = (long) Math.floor(min / step);
        return new Scale(step, first, Math.max(first + 1, (long) Math.ceil(max / step)), left);
    }

    /** {@return 1, 2 or 5 times a power of ten, such that a few of them make up the range} */
    static double step(double range) {
        if (range <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(range / TICKS)));
        double digit = range / TICKS / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private void paint(Graphics2D graphics, int height) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, height);
        graphics.setFont(FONT);
        int names =
                dots.stream()
                        .mapToInt(dot -> graphics.getFontMetrics().stringWidth(dot.name()))
                        .max()
                        .orElse(0);
        Scale scale = scale(names + 3 * GAP);
        paintAxis(graphics, scale, height - AXIS);
        for (int i = 0; i < dots.size(); i++) {
            paint(graphics, dots.get(i), scale, TITLE + i * LINE + LINE / 2);
        }
        graphics.setColor(Color.BLACK);
        graphics.setFont(FONT.deriveFont(Font.BOLD));
        centred(graphics, title, WIDTH / 2.0, TITLE - GAP);
    }

    private void paintAxis(Graphics2D graphics, Scale scale, int bottom) {
        graphics.setStroke(new BasicStroke(1));
        for (long tick = scale.first(); tick <= scale.last(); tick++) {
            double x = scale.x(tick * scale.step());
            graphics.setColor(GRID);
            graphics.draw(new Line2D.Double(x, TITLE, x, bottom));
            graphics.setColor(Color.BLACK);
            centred(graphics, label(tick, scale.step()), x, bottom + TEXT + 2);
        }
        dots.stream()
                .filter(dot -> dot.name().equals(marked))
                .forEach(
                        dot -> {
                            double x = scale.x(dot.mean());
                            graphics.setColor(MARKED);
                            graphics.draw(new Line2D.Double(x, TITLE, x, bottom));
                        });
        graphics.setColor(Color.BLACK);
        centred(graphics, unit, (scale.left() + WIDTH) / 2.0, bottom + AXIS - GAP);
    }

    private static String label(long tick, double step) {
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", tick * step);
    }

    private void paint(Graphics2D graphics, Dot dot, Scale scale, int y) {
        graphics.setColor(Color.BLACK);
        graphics.drawString(dot.name(), GAP, y + TEXT / 3);
        graphics.setColor(dot.name().equals(marked) ? MARKED : DOTS);
        graphics.setStroke(new BasicStroke(THIN));
        graphics.draw(new Line2D.Double(scale.x(dot.low()), y, scale.x(dot.high()), y));
        graphics.fill(
                new Ellipse2D.Double(scale.x(dot.mean()) - DOT / 2.0, y - DOT / 2.0, DOT, DOT));
    }

    private static void centred(Graphics2D graphics, String text, double x, double y) {
        double width = graphics.getFontMetrics().stringWidth(text);
        graphics.drawString(text, (float) (x - width / 2), (float) y);
    }
}
