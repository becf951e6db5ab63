package org.dl4jplasticity.experiments.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of texts: what a CSV file holds, and what a page shows.
 *
 * @param header names of the columns
 * @param rows of as many cells each
 */
record Table(List<String> header, List<List<String>> rows) {

    Table {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException(
                        "a table of the columns %s needs rows of %d cells, got %s"
                                .formatted(header, header.size(), row));
            }
        }
    }

    /**
     * {@return what a CSV file holds}
     *
     * @throws IllegalArgumentException if it is empty or a line has another number of cells than
     *     the first
     */
    static Table read(Path csv) {
        List<String> lines;
        try {
            lines = Files.readAllLines(csv);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(csv, e.getMessage()), e);
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is empty, expected a line of names".formatted(csv));
        }
        List<List<String>> rows = lines.stream().map(Table::cells).toList();
        for (int i = 1; i < rows.size(); i++) {
            if (rows.get(i).size() != rows.get(0).size()) {
                throw new IllegalArgumentException(
                        "%s, line %d: expected %d cells, got %d"
                                .formatted(csv, i + 1, rows.get(0).size(), rows.get(i).size()));
            }
        }
        return new Table(rows.get(0), rows.subList(1, rows.size()));
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    boolean has(String column) {
        return header.contains(column);
    }

    /**
     * {@return the cells of a column}
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    List<String> column(String name) {
        int place = header.indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException(
                    "there is no column %s among %s".formatted(name, header));
        }
        return rows.stream().map(row -> row.get(place)).toList();
    }

    /** {@return the numbers of a column; NaN where a cell is empty} */
    double[] numbers(String name) {
        return column(name).stream()
                .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell))
                .toArray();
    }

    /** {@return numbers times a factor} */
    static double[] times(double factor, double... numbers) {
        return Arrays.stream(numbers).map(number -> factor * number).toArray();
    }

    /** {@return the rows that have a text in a column} */
    Table where(String name, String text) {
        int place = header.indexOf(name);
        return new Table(header, rows.stream().filter(row -> row.get(place).equals(text)).toList());
    }

    /** {@return the table as CSV; a cell with a comma is put in quotation marks} */
    String csv() {
        StringBuilder text = new StringBuilder(line(header));
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.contains(",") ? '"' + cell.replace("\"", "") + '"' : cell)
                .collect(Collectors.joining(",", "", "\n"));
    }
}
