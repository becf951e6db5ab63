package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @TempDir private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Table table =
                new Table(List.of("name", "x"), List.of(List.of("a, b", "1.5"), List.of("c", "")));

        assertThat(Table.read(file(table.csv()))).isEqualTo(table);
        assertThat(table.csv()).isEqualTo("name,x\n\"a, b\",1.5\nc,\n");
    }

    @Test
    void anEmptyCellIsNoNumber() throws IOException {
        Table table = Table.read(file("x,y\n1,2\n,3\n"));

        assertThat(table.numbers("x")).containsExactly(1, Double.NaN);
        assertThat(table.numbers("y")).containsExactly(2, 3);
        assertThat(table.where("y", "3").rows()).containsExactly(List.of("", "3"));
    }

    @Test
    void aLineOfAnotherLengthIsNamed() throws IOException {
        Path file = file("x,y\n1,2\n3\n");

        assertThatThrownBy(() -> Table.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("%s, line 3: expected 2 cells, got 1", file);
    }

    @Test
    void aColumnThatIsNotThereIsNamed() throws IOException {
        Table table = Table.read(file("x,y\n1,2\n"));

        assertThat(table.has("z")).isFalse();
        assertThatThrownBy(() -> table.column("z")).hasMessage("there is no column z among [x, y]");
    }
}
