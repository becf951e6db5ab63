package org.dl4jplasticity.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The names of a chart's lines below it, in as many rows as they need. */
final class Legend {
    private static final int SAMPLE = 26;
    private static final int GAP = 8;
    private static final int ROW = 24;
    private static final int MARK = 9;

    private final List<List<XYSeries>> rows = new ArrayList<>();
    private final Font font;
    private final int width;

    /**
     * A legend.
     *
     * @param lines what is told
     * @param width pixels of a row
     */
    Legend(List<XYSeries> lines, Font font, int width) {
        this.font = font;
        this.width = width;
        int used = width;
        for (XYSeries line : lines) {
            int needed = room(line);
            if (used + needed > width - 2 * GAP) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.get(rows.size() - 1).add(line);
            used += needed;
        }
    }

    /** {@return pixels of all rows} */
    int height() {
        return rows.isEmpty() ? 0 : rows.size() * ROW + GAP;
    }

    private int room(XYSeries line) {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        int text = graphics.getFontMetrics(font).stringWidth(line.getName());
        graphics.dispose();
        return SAMPLE + GAP + text + 2 * GAP;
    }

    void paint(Graphics2D graphics, int top) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, top, width, height());
        graphics.setFont(font);
        for (int row = 0; row < rows.size(); row++) {
            int x = (width - rows.get(row).stream().mapToInt(this::room).sum()) / 2 + GAP;
            int y = top + row * ROW + ROW / 2;
            for (XYSeries line : rows.get(row)) {
                paint(graphics, line, x, y);
                x += room(line);
            }
        }
    }

    private static void paint(Graphics2D graphics, XYSeries line, int x, int y) {
        if (line.getXYSeriesRenderStyle() != XYSeriesRenderStyle.Scatter) {
            graphics.setColor(line.getLineColor());
            graphics.setStroke(line.getLineStyle());
            graphics.draw(new Line2D.Double(x, y, x + SAMPLE, y));
        }
        if (line.getMarker() != null && !line.getMarker().equals(SeriesMarkers.NONE)) {
            graphics.setColor(line.getMarkerColor());
            graphics.setStroke(new BasicStroke(1));
            line.getMarker().paint(graphics, x + SAMPLE / 2.0, y, MARK);
        }
        graphics.setColor(Color.BLACK);
        graphics.drawString(line.getName(), x + SAMPLE + GAP, y + 5);
    }
}
