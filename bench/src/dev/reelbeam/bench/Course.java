package dev.reelbeam.bench;

/**
 * How far a row of displacements is from a smooth course: the polynomial of degree {@value #DEGREE}
 * that fits it best. A camera move with easing is smooth; what is left over jitters.
 */
public final class Course {
  private static final int DEGREE = 5;

  private Course() {}

  /** What is left of each value. */
  public static double[] residuals(double[] values) {
    int terms = DEGREE + 1;
    double[][] matrix = new double[terms][terms + 1];
    for (int i = 0; i < values.length; i++) {
      double[] powers = powers(i, values.length);
      for (int a = 0; a < terms; a++) {
        for (int b = 0; b < terms; b++) {
          matrix[a][b] += powers[a] * powers[b];
        }
        matrix[a][terms] += powers[a] * values[i];
      }
    }
    for (int a = 0; a < terms; a++) {
      for (int b = a + 1; b < terms; b++) {
        double factor = matrix[b][a] / matrix[a][a];
        for (int c = a; c <= terms; c++) {
          matrix[b][c] -= factor * matrix[a][c];
        }
      }
    }
    double[] solved = new double[terms];
    for (int a = terms - 1; a >= 0; a--) {
      solved[a] = matrix[a][terms];
      for (int b = a + 1; b < terms; b++) {
        solved[a] -= matrix[a][b] * solved[b];
      }
      solved[a] /= matrix[a][a];
    }
    double[] left = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double[] powers = powers(i, values.length);
      left[i] = values[i];
      for (int a = 0; a < terms; a++) {
        left[i] -= solved[a] * powers[a];
      }
    }
    return left;
  }

  /** Legendre polynomials on -1 to 1: even high degrees stay well apart. */
  private static double[] powers(int index, int count) {
    double x = 2.0 * index / Math.max(1, count - 1) - 1;
    double[] p = new double[DEGREE + 1];
    p[0] = 1;
    p[1] = x;
    for (int n = 1; n < DEGREE; n++) {
      p[n + 1] = ((2 * n + 1) * x * p[n] - n * p[n - 1]) / (n + 1);
    }
    return p;
  }
}
