package org.dl4jplasticity.growth;

/** Products of matrices stored row by row. They do not check the contract. */
final class Products {
    private Products() {}

    /**
     * Adds {@code A^T B}.
     *
     * @param a {@code rows} times {@code n}
     * @param b {@code rows} times {@code m}
     * @param into {@code n} times {@code m}
     */
    static void addTransposed(double[] a, int rows, int n, double[] b, int m, double[] into) {
        // into(i,j) += sum_r a(r,i) b(r,j)
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < n; i++) {
                double factor = a[row * n + i];
                if (factor != 0) {
                    for (int j = 0; j < m; j++) {
                        into[i * m + j] += factor * b[row * m + j];
                    }
                }
            }
        }
    }

    /**
     * {@return {@code A B}}
     *
     * @param a {@code n} times {@code inner}
     * @param b {@code inner} times {@code m}
     */
    static double[] product(double[] a, int n, int inner, double[] b, int m) {
        double[] product = new double[n * m];
        // product(i,j) = sum_k a(i,k) b(k,j)
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < inner; k++) {
                double factor = a[i * inner + k];
                for (int j = 0; j < m; j++) {
                    product[i * m + j] += factor * b[k * m + j];
                }
            }
        }
        return product;
    }
}
