package org.dl4jplasticity.experiments.report;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * A page in the making: one file of HTML that asks for nothing else, by its own policy, and fits
 * any width.
 */
final class Page {
    /** Rows of a figure's numbers up to which the page shows them. */
    private static final int SHOWN_ROWS = 60;

    private static final String STYLE =
            """
            :root{color-scheme:light dark}
            body{font:1rem/1.5 system-ui,sans-serif;max-width:78rem;margin:0 auto;padding:1rem;
            color:#1a1a1a;background:#fff;overflow-wrap:anywhere}
            h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}
            .figures{display:grid;gap:1rem;align-items:start;
            grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr))}
            figure{margin:0;padding:.5rem;border:1px solid #bbb;border-radius:.4rem;min-width:0}
            img{display:block;width:100%;max-width:600px;height:auto;margin:0 auto;background:#fff}
            figcaption{margin-top:.5rem;font-size:.9rem}
            .wide{overflow-x:auto;max-width:100%;margin:1rem 0}
            table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
            th,td{border:1px solid #bbb;padding:.2rem .5rem;text-align:right;white-space:nowrap}
            th:first-child,td:first-child{text-align:left}
            summary{cursor:pointer;padding:.3rem 0}
            @media(prefers-color-scheme:dark){body{color:#eee;background:#161616}
            figure,th,td{border-color:#555}}
            """;

    private final StringBuilder content = new StringBuilder();
    private final List<Figure> figures = new ArrayList<>();
    private String title;

    /** A page without anything on it. */
    Page(String title) {
        this.title = title;
    }

    /** Has the page be called otherwise. */
    void title(String other) {
        title = other;
    }

    String title() {
        return title;
    }

    /** {@return the figures on it} */
    List<Figure> figures() {
        return List.copyOf(figures);
    }

    void heading(String text) {
        content.append("<h2>%s</h2>\n".formatted(escaped(text)));
    }

    void paragraph(String text) {
        content.append("<p>%s</p>\n".formatted(escaped(text)));
    }

    void list(List<String> sentences) {
        if (sentences.isEmpty()) {
            return;
        }
        content.append("<ul>\n");
        sentences.forEach(each -> content.append("<li>%s</li>\n".formatted(escaped(each))));
        content.append("</ul>\n");
    }

    void table(Table table) {
        content.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table\">")
                .append(html(table))
                .append("</div>\n");
    }

    /** Adds a table that is shown when it is asked for. */
    void folded(String summary, Table table) {
        content.append("<details><summary>%s</summary>\n".formatted(escaped(summary)));
        table(table);
        content.append("</details>\n");
    }

    void figures(List<Figure> some) {
        if (some.isEmpty()) {
            return;
        }
        content.append("<div class=\"figures\">\n");
        for (Figure figure : some) {
            figures.add(figure);
            content.append(
                    """
                    <figure>
                    <img id="%s" width="%d" height="%d" alt="%s" src="data:image/png;base64,%s">
                    <figcaption>%s
                    """
                            .formatted(
                                    escaped(figure.name()),
                                    figure.width(),
                                    figure.height(),
                                    escaped(figure.title() + ". " + figure.text()),
                                    Base64.getEncoder().encodeToString(figure.png()),
                                    escaped(figure.text())));
            if (figure.data().rows().size() <= SHOWN_ROWS) {
                folded("Numbers", rounded(figure.data()));
            }
            content.append("</figcaption>\n</figure>\n");
        }
        content.append("</div>\n");
    }

    /** {@return the page} */
    String html() {
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
         content="default-src 'none';img-src data:;style-src 'unsafe-inline'">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s</main>
        </body>
        </html>
        """
                .formatted(escaped(title), STYLE, escaped(title), content);
    }

    private static String html(Table table) {
        return "<table>\n<thead>"
                + row("th scope=\"col\"", "th", table.header())
                + "</thead>\n<tbody>\n"
                + table.rows().stream().map(cells -> row("td", "td", cells)).collect(joining())
                + "</tbody>\n</table>";
    }

    private static Collector<CharSequence, ?, String> joining() {
        return Collectors.joining("\n", "", "\n");
    }

    private static String row(String open, String close, List<String> cells) {
        return cells.stream()
                .map(cell -> "<%s>%s</%s>".formatted(open, escaped(cell), close))
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    /** {@return the same with numbers of five digits, as people read them} */
    private static Table rounded(Table table) {
        return new Table(
                table.header(),
                table.rows().stream()
                        .map(row -> row.stream().map(Page::rounded).toList())
                        .toList());
    }

    private static String rounded(String cell) {
        return cell.matches("-?\\d+\\.\\d{4,}(E-?\\d+)?")
                ? String.format(Locale.ROOT, "%.5g", Double.parseDouble(cell))
                : cell.replaceAll("^(-?\\d+)\\.0$", "$1");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
