package org.dl4jplasticity.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.ui.model.stats.BaseStatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsInitializationReport;
import org.dl4jplasticity.statistics.StructureStatistics.Connections;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Posts {@link StructureStatistics} to the storage of DL4J's training UI while a network trains,
 * whatever rule changes it. Add it after that rule; DL4J's own statistics listener belongs before
 * both.
 *
 * <p>DL4J's listener describes the model once. When widths have changed this one has the storage
 * describe it anew, so that the page of the model shows the widths it has; a router that can't be
 * read, such as one to another process, keeps the first description.
 */
public final class StructureListener extends BaseTrainingListener {
    private final StatsStorageRouter storage;
    private final String session;
    private final String worker;
    private final int every;

    private Map<String, SparseTopology> before = Map.of();
    private Map<String, Integer> widths = Map.of();
    private long lastTime;

    private StructureListener(
            StatsStorageRouter storage, String session, String worker, int every) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.session = Objects.requireNonNull(session, "session");
        this.worker = Objects.requireNonNull(worker, "worker");
        this.every = every;
    }

    /**
     * {@return a listener that posts to the session of DL4J's own, after each iteration}
     *
     * @param statistics DL4J's listener
     */
    public static StructureListener beside(BaseStatsListener statistics) {
        return new StructureListener(
                statistics.getStorageRouter(),
                statistics.getSessionID(),
                statistics.getWorkerID(),
                1);
    }

    /**
     * {@return the same listener, which has posted nothing yet, posting more rarely}
     *
     * @param iterations from one post to the next, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public StructureListener every(int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException(
                    "StructureListener: iterations between posts must be at least 1, got "
                            + iterations);
        }
        return new StructureListener(storage, session, worker, iterations);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (iteration % every != 0) {
            return;
        }
        PlasticNetwork network = PlasticNetwork.of(model);
        Map<String, SparseTopology> now = network.topologies();
        List<Connections> connections = new ArrayList<>();
        now.forEach((id, topology) -> connections.add(change(id, before.get(id), topology)));
        Map<String, Integer> found = widths(network);
        storage.putUpdate(
                new StructureStatistics(
                        session, worker, nextTime(), iteration, epoch, found, connections));
        if (!widths.isEmpty() && !widths.equals(found)) {
            describeAnew(model);
        }
        before = now;
        widths = found;
    }

    /** Storages keep one post of a worker for each millisecond. */
    private long nextTime() {
        lastTime = Math.max(lastTime + 1, System.currentTimeMillis());
        return lastTime;
    }

    private static Connections change(String id, SparseTopology before, SparseTopology now) {
        boolean comparable =
                before != null && before.nIn() == now.nIn() && before.nOut() == now.nOut();
        return new Connections(
                id,
                now.possibleCount(),
                now.activeCount(),
                comparable ? missing(before.ids(), now) : Connections.UNKNOWN,
                comparable ? missing(now.ids(), before) : Connections.UNKNOWN);
    }

    private static int missing(long[] ids, SparseTopology topology) {
        int missing = 0;
        for (long id : ids) {
            missing += topology.contains(id) ? 0 : 1;
        }
        return missing;
    }

    private static Map<String, Integer> widths(PlasticNetwork network) {
        Map<String, Integer> widths = new LinkedHashMap<>();
        NetworkNode.of(network)
                .forEach(
                        (id, node) -> {
                            if (node.unwrapped() instanceof FeedForwardLayer layer) {
                                widths.put(id, Math.toIntExact(layer.getNOut()));
                            }
                        });
        return widths;
    }

    private void describeAnew(Model model) {
        Persistable info =
                storage instanceof StatsStorage readable
                        ? readable.getStaticInfo(session, BaseStatsListener.TYPE_ID, worker)
                        : null;
        if (info instanceof StatsInitializationReport report && report.hasModelInfo()) {
            report.reportModelInfo(
                    report.getModelClassName(),
                    model instanceof MultiLayerNetwork sequential
                            ? sequential.getLayerWiseConfigurations().toJson()
                            : ((ComputationGraph) model).getConfiguration().toJson(),
                    report.getModelParamNames(),
                    report.getModelNumLayers(),
                    model.numParams());
            storage.putStaticInfo(report);
        }
    }
}
