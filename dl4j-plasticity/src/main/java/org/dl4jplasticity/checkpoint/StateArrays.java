package org.dl4jplasticity.checkpoint;

import java.io.IOException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Arrays in a training's state, bit for bit: ND4J's own binary form, in JSON as Base64. */
public final class StateArrays {
    private StateArrays() {}

    /**
     * Puts an array into a state.
     *
     * @param state where to
     * @param field the field's name
     * @param array of any shape and type; null leaves the field out
     */
    public static void put(ObjectNode state, String field, INDArray array) {
        if (array == null) {
            return;
        }
        try {
            state.put(field, Nd4j.toByteArray(array));
        } catch (IOException e) {
            throw new IllegalStateException("an array that memory can't hold: field " + field, e);
        }
    }

    /**
     * {@return the array of a field, of the shape and type it had; null if the field is absent}
     *
     * @param state where from
     * @param field the field's name
     * @param length the number of values that is expected
     * @param type the type that is expected
     * @throws IllegalArgumentException if the field holds anything else
     */
    public static INDArray get(JsonNode state, String field, long length, DataType type) {
        JsonNode node = state.get(field);
        if (node == null) {
            return null;
        }
        INDArray array;
        try {
            array = Nd4j.fromByteArray(node.binaryValue());
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "field '%s': expected an array of %d %s, got something else"
                            .formatted(field, length, type),
                    e);
        }
        if (array.length() != length || array.dataType() != type) {
            throw new IllegalArgumentException(
                    "field '%s': expected an array of %d %s, got one of %d %s"
                            .formatted(field, length, type, array.length(), array.dataType()));
        }
        return array;
    }
}
