package org.dl4jplasticity.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.datavec.api.records.reader.impl.csv.CSVRecordReader;
import org.datavec.api.split.FileSplit;

/**
 * Reads a table of numbers with a class per line from a comma-separated file, through DataVec's
 * {@link CSVRecordReader}. One column is the label, all others are features. Labels that are all
 * integers become classes in ascending order of number; other labels become classes in the order of
 * their text. Blank lines are skipped; blanks around a field and double quotes don't count.
 *
 * @param labelColumn index of the column of labels from 0, or from the end when negative: -1 is the
 *     last
 * @param header whether the first line holds names
 */
public record CsvReader(int labelColumn, Header header) {

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");

    /** Whether the first line holds the columns' names. */
    public enum Header {
        /** It does if none of its features is a number. */
        DETECT,
        /** It does. */
        PRESENT,
        /** It is data. */
        ABSENT
    }

    /** Label in the last column, header detected. */
    public CsvReader() {
        this(-1, Header.DETECT);
    }

    /**
     * Reads a file.
     *
     * @param file a text file in UTF-8
     * @return the lines in order; shape 1x1xn for n feature columns
     * @throws DataException if the file is missing, holds fewer than two columns or two classes,
     *     lines have different numbers of fields, or a feature is not a finite number
     */
    public LabeledExamples read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + ": no such file");
        }
        Table table = new Table(file);
        try (CSVRecordReader reader = new CSVRecordReader()) {
            reader.initialize(new FileSplit(file.toFile()));
            for (int line = 1; reader.hasNext(); line++) {
                table.add(line, fields(reader, file, line));
            }
        } catch (IOException e) {
            throw Unpacked.unreadable(file.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException(file + ": reading was interrupted", e);
        }
        return table.examples();
    }

    private static List<String> fields(CSVRecordReader reader, Path file, int line) {
        try {
            return reader.next().stream().map(field -> field.toString().strip()).toList();
        } catch (RuntimeException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new DataException(
                    "%s, line %d: expected comma-separated fields, found what can't be parsed: %s"
                            .formatted(file, line, reason.getMessage()),
                    e);
        }
    }

    /** The lines read so far. */
    private final class Table {
        private final Path file;
        private final List<String> labels = new ArrayList<>();
        private int columns = -1;
        private int label;
        private float[] values = new float[1024];
        private int filled;

        Table(Path file) {
            this.file = file;
        }

        void add(int line, List<String> fields) {
            if (fields.size() == 1 && fields.get(0).isEmpty()) {
                return;
            }
            if (columns < 0) {
                List<String> first = withoutByteOrderMark(fields);
                takeColumns(first.size());
                if (!isHeader(first)) {
                    addData(line, first);
                }
            } else {
                addData(line, fields);
            }
        }

        private void takeColumns(int found) {
            int index = labelColumn < 0 ? found + labelColumn : labelColumn;
            if (found < 2 || index < 0 || index >= found) {
                throw new DataException(
                        "%s: expected at least 2 columns and among them label column %d, found %d columns"
                                .formatted(file, labelColumn, found));
            }
            columns = found;
            label = index;
        }

        private boolean isHeader(List<String> first) {
            return switch (header) {
                case PRESENT -> true;
                case ABSENT -> false;
                case DETECT -> {
                    for (int c = 0; c < columns; c++) {
                        if (c != label && !Float.isNaN(number(first.get(c)))) {
                            yield false;
                        }
                    }
                    yield true;
                }
            };
        }

        private void addData(int line, List<String> fields) {
            if (fields.size() != columns) {
                throw new DataException(
                        "%s, line %d: expected %d fields, found %d"
                                .formatted(file, line, columns, fields.size()));
            }
            if (filled + columns > values.length) {
                values = Arrays.copyOf(values, Math.max(2 * values.length, filled + columns));
            }
            for (int c = 0; c < columns; c++) {
                if (c == label) {
                    continue;
                }
                float value = number(fields.get(c));
                if (!Float.isFinite(value)) {
                    throw new DataException(
                            "%s, line %d, column %d: expected a finite number, found '%s'"
                                    .formatted(file, line, c + 1, fields.get(c)));
                }
                values[filled++] = value;
            }
            if (fields.get(label).isEmpty()) {
                throw new DataException(
                        "%s, line %d, column %d: expected a label, found nothing"
                                .formatted(file, line, label + 1));
            }
            labels.add(fields.get(label));
        }

        LabeledExamples examples() {
            boolean integers = labels.stream().allMatch(name -> INTEGER.matcher(name).matches());
            TreeMap<String, Integer> sorted =
                    integers
                            ? new TreeMap<>(Comparator.comparingLong(Long::parseLong))
                            : new TreeMap<>();
            labels.forEach(name -> sorted.put(name, 0));
            List<String> classes = List.copyOf(sorted.keySet());
            for (int c = 0; c < classes.size(); c++) {
                sorted.put(classes.get(c), c);
            }
            if (classes.size() < 2) {
                throw new DataException(
                        "%s: expected examples of at least 2 classes, found %d lines of data and the classes %s"
                                .formatted(file, labels.size(), classes));
            }
            int[] indices = labels.stream().mapToInt(sorted::get).toArray();
            return LabeledExamples.ofValues(
                    ExampleShape.row(columns - 1), Arrays.copyOf(values, filled), indices, classes);
        }
    }

    private static List<String> withoutByteOrderMark(List<String> fields) {
        List<String> cleaned = new ArrayList<>(fields);
        if (cleaned.get(0).startsWith("\uFEFF")) {
            cleaned.set(0, cleaned.get(0).substring(1).strip());
        }
        return cleaned;
    }

    /** The number a field holds in decimal or scientific notation, NaN if it is none. */
    private static float number(String field) {
        // Float.parseFloat would also take Java's own suffixes and hexadecimal floats: "1f", "2d",
        // "0x1p3".
        if (field.chars().anyMatch(c -> "dDfFxXpP".indexOf(c) >= 0)) {
            return Float.NaN;
        }
        try {
            return Float.parseFloat(field);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }
}
