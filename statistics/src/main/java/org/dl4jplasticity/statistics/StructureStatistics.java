package org.dl4jplasticity.statistics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.core.storage.Persistable;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The structure of a network at one iteration, as it is kept in the storage of DL4J's training UI,
 * under the type {@value #TYPE_ID}. It is encoded as one JSON object in UTF-8.
 */
public final class StructureStatistics implements Persistable {

    /** The type of these reports in a storage. */
    public static final String TYPE_ID = "StructureStatistics";

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The connections of one sparse weight parameter.
     *
     * @param id such as "0/W"
     * @param possible those a dense layer has
     * @param active those there are
     * @param dropped those that went since the last report; {@link #UNKNOWN} if there was none or
     *     the layer has another shape now
     * @param grown those that came since, likewise
     */
    public record Connections(String id, long possible, long active, int dropped, int grown)
            implements Serializable {

        /** There is nothing to compare with. */
        public static final int UNKNOWN = -1;

        /** {@return the share of the possible connections that are there} */
        public double density() {
            return active / (double) possible;
        }
    }

    private String session;
    private String worker;
    private long time;
    private int iteration;
    private int epoch;
    private final LinkedHashMap<String, Integer> widths = new LinkedHashMap<>();
    private final ArrayList<Connections> connections = new ArrayList<>();

    /** For storages, which decode a report into it. */
    public StructureStatistics() {}

    StructureStatistics(
            String session,
            String worker,
            long time,
            int iteration,
            int epoch,
            Map<String, Integer> widths,
            List<Connections> connections) {
        this.session = session;
        this.worker = worker;
        this.time = time;
        this.iteration = iteration;
        this.epoch = epoch;
        this.widths.putAll(widths);
        this.connections.addAll(connections);
    }

    /** {@return the iteration it was made after, counted from 0} */
    public int iteration() {
        return iteration;
    }

    /** {@return the epoch it was made in, counted from 0} */
    public int epoch() {
        return epoch;
    }

    /** {@return the number of units of each layer by its id, in the network's order} */
    public Map<String, Integer> widths() {
        return Collections.unmodifiableMap(widths);
    }

    /** {@return the connections of each sparse weight parameter, in the network's order} */
    public List<Connections> connections() {
        return Collections.unmodifiableList(connections);
    }

    @Override
    public String getSessionID() {
        return session;
    }

    @Override
    public String getTypeID() {
        return TYPE_ID;
    }

    @Override
    public String getWorkerID() {
        return worker;
    }

    @Override
    public long getTimeStamp() {
        return time;
    }

    @Override
    public int encodingLengthBytes() {
        return encode().length;
    }

    @Override
    public byte[] encode() {
        ObjectNode report = JSON.createObjectNode();
        report.put("session", session).put("worker", worker).put("time", time);
        report.put("iteration", iteration).put("epoch", epoch);
        ObjectNode units = report.putObject("widths");
        widths.forEach(units::put);
        for (Connections each : connections) {
            report.withArray("connections")
                    .addObject()
                    .put("id", each.id)
                    .put("possible", each.possible)
                    .put("active", each.active)
                    .put("dropped", each.dropped)
                    .put("grown", each.grown);
        }
        try {
            return JSON.writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void encode(ByteBuffer buffer) {
        buffer.put(encode());
    }

    @Override
    public void encode(OutputStream out) throws IOException {
        out.write(encode());
    }

    @Override
    public void decode(byte[] bytes) {
        try {
            JsonNode report = JSON.readTree(bytes);
            session = report.path("session").asText();
            worker = report.path("worker").asText();
            time = report.path("time").asLong();
            iteration = report.path("iteration").asInt();
            epoch = report.path("epoch").asInt();
            widths.clear();
            report.path("widths")
                    .fields()
                    .forEachRemaining(e -> widths.put(e.getKey(), e.getValue().asInt()));
            connections.clear();
            for (JsonNode each : report.path("connections")) {
                connections.add(
                        new Connections(
                                each.path("id").asText(),
                                each.path("possible").asLong(),
                                each.path("active").asLong(),
                                each.path("dropped").asInt(),
                                each.path("grown").asInt()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "StructureStatistics: expected a JSON object, got what can't be read: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void decode(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        decode(bytes);
    }

    @Override
    public void decode(InputStream in) throws IOException {
        decode(in.readAllBytes());
    }
}
