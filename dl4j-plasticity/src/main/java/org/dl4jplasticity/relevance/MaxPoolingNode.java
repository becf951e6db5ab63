package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.relevance.Windows.Placement;

/** The largest input of each window, which takes all its relevance; equal ones share it equally. */
record MaxPoolingNode(Windows windows) implements Node {

    @Override
    public int[] outputShape(List<int[]> inputs) {
        return PoolingMap.pooledShape(windows, inputs.get(0));
    }

    private Placement place(Values x) {
        return windows.over(x.shape()[1], x.shape()[2]);
    }

    @Override
    public Forward forward(List<Values> inputs) {
        Values x = inputs.get(0);
        int[] shape = PoolingMap.pooledShape(windows, x.shape());
        Placement place = place(x);
        double[] largest = new double[x.examples() * Values.size(shape)];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        for (int map = 0; map < x.examples() * shape[0]; map++) {
            int first = map * place.pixels();
            int firstWindow = map * place.windows();
            place.each(
                    (window, point, pixel) ->
                            largest[firstWindow + window] =
                                    Math.max(
                                            largest[firstWindow + window],
                                            x.data()[first + pixel]));
        }
        return Forward.plain(new Values(x.examples(), shape, largest));
    }

    @Override
    public List<double[]> backward(
            List<Values> inputs, Forward forward, double[] relevance, Tally tally) {
        Values x = inputs.get(0);
        double[] largest = forward.output().data();
        Placement place = place(x);
        double[] received = new double[x.data().length];
        int[] winners = new int[place.windows()];
        for (int map = 0; map < x.examples() * x.shape()[0]; map++) {
            int first = map * place.pixels();
            int firstWindow = map * place.windows();
            Arrays.fill(winners, 0);
            place.each(
                    (window, point, pixel) -> {
                        if (x.data()[first + pixel] == largest[firstWindow + window]) {
                            winners[window]++;
                        }
                    });
            place.each(
                    (window, point, pixel) -> {
                        if (x.data()[first + pixel] == largest[firstWindow + window]) {
                            received[first + pixel] +=
                                    relevance[firstWindow + window] / winners[window];
                        }
                    });
        }
        tally.addKept(Arrays.stream(received).sum());
        return List.of(received);
    }
}
