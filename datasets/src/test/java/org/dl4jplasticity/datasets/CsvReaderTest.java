package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.dl4jplasticity.datasets.CsvReader.Header;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("table.csv");
    }

    private LabeledExamples read(CsvReader reader, String... lines) {
        TinyFiles.write(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return reader.read(file);
    }

    private void refused(String message, String... lines) {
        assertThatThrownBy(() -> read(new CsvReader(), lines))
                .isInstanceOf(DataException.class)
                .hasMessage(file + message);
    }

    @Test
    void readsNumbersWithTheLabelLast() {
        LabeledExamples iris =
                read(new CsvReader(), "5.1,-3e2,setosa", " 7 , 0.5 , \"virginica\"", "1,2,setosa");
        assertThat(iris.size()).isEqualTo(3);
        assertThat(iris.shape()).isEqualTo(new ExampleShape(1, 1, 2));
        assertThat(iris.classNames()).containsExactly("setosa", "virginica");
        assertThat(iris.values(0)).containsExactly(5.1f, -300f);
        assertThat(iris.values(1)).containsExactly(7f, 0.5f);
        assertThat(iris.label(1)).isEqualTo(1);
        assertThat(iris.label(2)).isZero();
    }

    @Test
    void findsAHeaderUnlessToldThereIsNone() {
        String[] lines = {"\uFEFFlength,width,kind", "1,2,b", "", "3,4,a", ""};
        assertThat(read(new CsvReader(), lines).size()).isEqualTo(2);
        assertThat(read(new CsvReader(-1, Header.PRESENT), lines).size()).isEqualTo(2);
        assertThatThrownBy(() -> read(new CsvReader(-1, Header.ABSENT), lines))
                .hasMessage(file + ", line 1, column 1: expected a finite number, found 'length'");
        // A first line of numbers is data, unless told otherwise.
        assertThat(read(new CsvReader(-1, Header.PRESENT), "1,x", "2,x", "3,y").size())
                .isEqualTo(2);
        assertThat(read(new CsvReader(), "1,x", "2,x", "3,y").size()).isEqualTo(3);
    }

    @Test
    void sortsIntegerLabelsAsNumbersAndOthersAsText() {
        assertThat(read(new CsvReader(), "0,10", "0,9", "0,-1", "0,010").classNames())
                .containsExactly("-1", "9", "10");
        assertThat(read(new CsvReader(), "0,10", "0,9", "0,x").classNames())
                .containsExactly("10", "9", "x");
    }

    @Test
    void takesTheLabelFromAnyColumn() {
        LabeledExamples first = read(new CsvReader(0, Header.DETECT), "b,1,2", "a,3,4");
        assertThat(first.label(0)).isEqualTo(1);
        assertThat(first.values(1)).containsExactly(3f, 4f);
        LabeledExamples middle = read(new CsvReader(-2, Header.DETECT), "1,b,2", "3,a,4");
        assertThat(middle.values(0)).containsExactly(1f, 2f);
        assertThatThrownBy(() -> read(new CsvReader(3, Header.DETECT), "1,2,b"))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        file
                                + ": expected at least 2 columns and among them label column 3, found 3 columns");
    }

    @Test
    void saysWhereALineIsWrong() {
        refused(", line 3: expected 3 fields, found 2", "1,2,a", "1,2,b", "1,b");
        refused(", line 4: expected 3 fields, found 4", "1,2,a", "1,2,b", "", "1,2,3,b");
        refused(", line 2, column 2: expected a finite number, found 'two'", "1,2,a", "1,two,b");
        refused(", line 2, column 1: expected a finite number, found ''", "1,2,a", ",2,b");
        refused(", line 1, column 2: expected a finite number, found 'x'", "1,x,a", "1,2,b");
        for (String no : new String[] {"NaN", "Infinity", "1e99", "1f", "2d", "0x1p3", "1 2"}) {
            refused(
                    ", line 2, column 1: expected a finite number, found '" + no + "'",
                    "1,2,a",
                    no + ",2,b");
        }
        refused(", line 2, column 3: expected a label, found nothing", "1,2,a", "1,2,");
        refused(
                ", line 2: expected comma-separated fields, found what can't be parsed: Un-terminated quoted field at end of CSV line",
                "1,2,a",
                "1,2,\"b");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> new CsvReader().read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": no such file");
        refused(
                ": expected at least 2 columns and among them label column -1, found 1 columns",
                "1;2");
        refused(
                ": expected examples of at least 2 classes, found 2 lines of data and the classes [a]",
                "1,a",
                "2,a");
        refused(
                ": expected examples of at least 2 classes, found 0 lines of data and the classes []");
    }
}
