package org.dl4jplasticity.dropout;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.nd4j.linalg.schedule.ISchedule;

/** The schedules of a layer's dropout and weight noise, those of DL4J's own among them. */
final class Schedules {
    private Schedules() {}

    static List<ISchedule> of(Layer layer) {
        IDropout dropout = layer.conf().getLayer().getIDropout();
        IWeightNoise noise =
                layer.conf().getLayer() instanceof BaseLayer base ? base.getWeightNoise() : null;
        Stream<ISchedule> inside =
                layer.conf().getLayer() instanceof ScheduledLayer own
                        ? own.schedules().stream()
                        : Stream.empty();
        Stream<ISchedule> outside =
                Stream.of(dropout, noise)
                        .map(part -> part instanceof Scheduled own ? own.keep() : ofTheirs(part));
        return Stream.concat(outside, inside).filter(Objects::nonNull).toList();
    }

    /** {@return the schedule of a dropout or noise of DL4J's own; null if it has none} */
    private static ISchedule ofTheirs(Object part) {
        if (part instanceof Dropout theirs) {
            return theirs.getPSchedule();
        } else if (part instanceof SpatialDropout theirs) {
            return theirs.getPSchedule();
        } else if (part instanceof AlphaDropout theirs) {
            return theirs.getPSchedule();
        } else if (part instanceof GaussianDropout theirs) {
            return theirs.getRateSchedule();
        } else if (part instanceof GaussianNoise theirs) {
            return theirs.getStddevSchedule();
        } else if (part instanceof DropConnect theirs) {
            return theirs.getWeightRetainProbSchedule();
        }
        return null;
    }
}
