package org.dl4jplasticity.dropout;

import java.util.ArrayList;
import java.util.List;
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
        List<ISchedule> found = new ArrayList<>();
        add(found, of(layer.conf().getLayer().getIDropout()));
        if (layer.conf().getLayer() instanceof BaseLayer base) {
            add(found, of(base.getWeightNoise()));
        }
        return found;
    }

    private static void add(List<ISchedule> found, ISchedule schedule) {
        if (schedule != null) {
            found.add(schedule);
        }
    }

    private static ISchedule of(IDropout dropout) {
        if (dropout instanceof ControlledDropout own) {
            return own.keep();
        } else if (dropout instanceof UnscaledDropout own) {
            return own.keep();
        } else if (dropout instanceof Dropout theirs) {
            return theirs.getPSchedule();
        } else if (dropout instanceof SpatialDropout theirs) {
            return theirs.getPSchedule();
        } else if (dropout instanceof AlphaDropout theirs) {
            return theirs.getPSchedule();
        } else if (dropout instanceof GaussianDropout theirs) {
            return theirs.getRateSchedule();
        } else if (dropout instanceof GaussianNoise theirs) {
            return theirs.getStddevSchedule();
        }
        return null;
    }

    private static ISchedule of(IWeightNoise noise) {
        if (noise instanceof MaskedDropConnect own) {
            return own.keep();
        } else if (noise instanceof DropConnect theirs) {
            return theirs.getWeightRetainProbSchedule();
        }
        return null;
    }
}
