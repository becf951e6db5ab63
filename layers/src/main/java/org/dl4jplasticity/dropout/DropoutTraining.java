package org.dl4jplasticity.dropout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What some techniques of this package need besides their place in a layer: {@link ConcreteDropout}
 * and {@link GeneralizedDropout} learn, the gradient of {@link MaskedDropConnect} is masked, and
 * {@link ValidationKeep} hears of the validation loss.
 *
 * <pre>{@code
 * model.addListeners(DropoutTraining.of(model));
 * }</pre>
 *
 * <p>Without it those techniques refuse to train. Listeners aren't saved: a network that was loaded
 * or cloned gets one of its own, made for it.
 */
public final class DropoutTraining extends BaseTrainingListener {
    private final ToDoubleFunction<Model> validationLoss;

    private DropoutTraining(ToDoubleFunction<Model> validationLoss) {
        this.validationLoss = validationLoss;
    }

    /**
     * {@return a listener for a network none of whose dropouts looks at the validation loss}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph, to which it will be added
     * @throws IllegalArgumentException if it is neither, or there is a {@link ValidationKeep}
     */
    public static DropoutTraining of(Model model) {
        return attending(new DropoutTraining(null), model);
    }

    /**
     * {@return a listener that tells the validation loss after every epoch}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph, to which it will be added
     * @param validationLoss computes the loss on examples that are not trained on, such as {@code
     *     network -> ((MultiLayerNetwork) network).score(examples)}
     * @throws IllegalArgumentException if it is neither
     */
    public static DropoutTraining of(Model model, ToDoubleFunction<Model> validationLoss) {
        return attending(new DropoutTraining(validationLoss), model);
    }

    private static DropoutTraining attending(DropoutTraining training, Model model) {
        List<Layer> layers = Layers.of(model);
        for (Layer layer : layers) {
            if (training.validationLoss == null && !validated(layer).isEmpty()) {
                throw new IllegalArgumentException(
                        Layers.name(layer)
                                + ": ValidationKeep needs the validation loss, use"
                                + " DropoutTraining.of(model, validationLoss)");
            }
        }
        for (Layer layer : layers) {
            if (layer.conf().getLayer().getIDropout() instanceof LearnedDropout learned) {
                learned.attend();
            }
            if (dropConnect(layer) != null) {
                dropConnect(layer).attend();
            }
            validated(layer).forEach(ValidationKeep::attend);
        }
        return training;
    }

    private static MaskedDropConnect dropConnect(Layer layer) {
        return layer.conf().getLayer() instanceof BaseLayer base
                        && base.getWeightNoise() instanceof MaskedDropConnect own
                ? own
                : null;
    }

    private static List<ValidationKeep> validated(Layer layer) {
        List<ValidationKeep> found = new ArrayList<>();
        for (ISchedule schedule : Schedules.of(layer)) {
            if (schedule instanceof ValidationKeep own) {
                found.add(own);
            }
        }
        return found;
    }

    /** After the gradient, before anything is done with it. */
    @Override
    public void onBackwardPass(Model model) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (Layer layer : Layers.of(model)) {
                MaskedDropConnect dropConnect = dropConnect(layer);
                if (dropConnect != null) {
                    dropConnect.mask(gradients(layer));
                }
                if (layer.conf().getLayer().getIDropout() instanceof LearnedDropout learned) {
                    learn(model, layer, learned);
                }
            }
        }
    }

    private static void learn(Model model, Layer layer, LearnedDropout learned) {
        INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        double norm = weights == null ? 0 : weights.norm2Number().doubleValue();
        if (learned instanceof ConcreteDropout concrete && concrete.weightDecay() > 0) {
            // The updater divides the gradient by the number of examples, unless told not to.
            double examples = layer.conf().isMiniBatch() ? model.batchSize() : 1;
            gradients(layer)
                    .get(DefaultParamInitializer.WEIGHT_KEY)
                    .addi(weights.mul(concrete.weightDecay() * examples));
        }
        learned.learn(norm * norm);
    }

    private static Map<String, INDArray> gradients(Layer layer) {
        return layer.conf()
                .getLayer()
                .initializer()
                .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray());
    }

    @Override
    public void onEpochEnd(Model model) {
        if (validationLoss != null) {
            double loss = validationLoss.applyAsDouble(model);
            for (Layer layer : Layers.of(model)) {
                validated(layer).forEach(keep -> keep.observe(loss));
            }
        }
    }
}
