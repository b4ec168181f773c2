package io.kindling.backend.cpu;

import io.kindling.LinAlgException;
import org.netlib.blas.Dtrsm;
import org.netlib.lapack.Dgelsy;
import org.netlib.lapack.Dgeqrf;
import org.netlib.lapack.Dgesdd;
import org.netlib.lapack.Dgetrf;
import org.netlib.lapack.Dgetri;
import org.netlib.lapack.Dgetrs;
import org.netlib.lapack.Dlamch;
import org.netlib.lapack.Dorgqr;
import org.netlib.lapack.Dpotrf;
import org.netlib.lapack.Dsyevd;
import org.netlib.util.intW;

/**
 * LAPACK's factorisations of matrices in column-major order. It is the translation to Java that
 * Spark ships and its netlib falls back to: the same results on every machine, without a native
 * library.
 *
 * <p>Several threads may call at once. The translation keeps in static fields the machine constants
 * of {@code dlamch}, which are calculated before anything else here, and the state of {@code
 * dlasq}, which only runs where singular values are wanted without vectors; so vectors are always
 * calculated. A wrong argument would print and end the JVM, so empty matrices never get here.
 */
public final class Lapack {
  private static final int BLOCK = 64;

  static {
    Dlamch.dlamch("E");
  }

  private Lapack() {}

  /**
   * {@code P L U}.
   *
   * @param factors U, and below its diagonal L without its ones
   * @param pivots the row, from 1, that each row was exchanged with
   * @param zero the first place, from 1, where U's diagonal is 0; 0 if none
   */
  public record Lu(int n, double[] factors, int[] pivots, int zero) {}

  /** Overwrites {@code a (n, n)}. */
  public static Lu lu(int n, double[] a) {
    int[] pivots = new int[n];
    intW info = new intW(0);
    if (n > 0) {
      Dgetrf.dgetrf(n, n, a, 0, n, pivots, 0, info);
    }
    return new Lu(n, a, pivots, info.val);
  }

  /** The inverse of a matrix that is not singular; overwrites the factors. */
  public static double[] inverse(Lu lu) {
    if (lu.n > 0) {
      double[] work = new double[ArrayLength.of(lu.n, BLOCK)];
      Dgetri.dgetri(lu.n, lu.factors, 0, lu.n, lu.pivots, 0, work, 0, work.length, new intW(0));
    }
    return lu.factors;
  }

  /** Overwrites {@code b (n, columns)} with the solution of {@code A x = b}. */
  public static void solve(Lu lu, int columns, double[] b) {
    if (lu.n > 0 && columns > 0) {
      Dgetrs.dgetrs("N", lu.n, columns, lu.factors, 0, lu.n, lu.pivots, 0, b, 0, lu.n, new intW(0));
    }
  }

  /** Overwrites {@code b (n, columns)} with the solution of {@code A x = b}, A triangular. */
  public static void solveTriangular(
      int n, int columns, double[] a, boolean upper, boolean unitriangular, double[] b) {
    if (n > 0 && columns > 0) {
      String triangle = upper ? "U" : "L";
      String diagonal = unitriangular ? "U" : "N";
      Dtrsm.dtrsm("L", triangle, "N", diagonal, n, columns, 1, a, 0, n, b, 0, n);
    }
  }

  /**
   * Overwrites the lower or upper triangle of {@code a (n, n)} with its Cholesky factor.
   *
   * @return the order, from 1, of the first leading minor that is not positive; 0 if none
   */
  public static int cholesky(int n, boolean upper, double[] a) {
    intW info = new intW(0);
    if (n > 0) {
      Dpotrf.dpotrf(upper ? "U" : "L", n, a, 0, n, info);
    }
    for (int i = 0; i < n && info.val == 0; i++) {
      // The translation takes NaN for a positive pivot.
      info.val = a[i + i * n] > 0 ? 0 : i + 1;
    }
    return info.val;
  }

  /**
   * {@code Q R}.
   *
   * @param factors R, and below its diagonal what Q is made of
   * @param scales of Q's reflections
   */
  public record Qr(int rows, int columns, double[] factors, double[] scales) {}

  /** Overwrites {@code a (rows, columns)}. */
  public static Qr qr(int rows, int columns, double[] a) {
    double[] scales = new double[Math.min(rows, columns)];
    if (scales.length > 0) {
      double[] work = new double[ArrayLength.of(columns, BLOCK)];
      Dgeqrf.dgeqrf(rows, columns, a, 0, rows, scales, 0, work, 0, work.length, new intW(0));
    }
    return new Qr(rows, columns, a, scales);
  }

  /** The first {@code columns} columns of Q, at least as many as there are reflections. */
  public static double[] q(Qr qr, int columns) {
    int reflections = qr.scales.length;
    double[] q = Matrix.identity(qr.rows, columns);
    if (reflections > 0) {
      System.arraycopy(qr.factors, 0, q, 0, qr.rows * reflections);
      double[] work = new double[ArrayLength.of(columns, BLOCK)];
      Dorgqr.dorgqr(
          qr.rows,
          columns,
          reflections,
          q,
          0,
          qr.rows,
          qr.scales,
          0,
          work,
          0,
          work.length,
          new intW(0));
    }
    return q;
  }

  /**
   * {@code U diag(s) V^T}.
   *
   * @param u {@code (rows, left)}
   * @param s from the largest to the smallest
   * @param vt {@code (right, columns)}
   */
  public record Svd(int left, int right, double[] u, double[] s, double[] vt) {}

  /**
   * Overwrites {@code a (rows, columns)}, whose values are finite.
   *
   * @param full whether U and V are square; else they have as many columns as s has values
   * @param name the operation, for messages
   */
  public static Svd svd(int rows, int columns, double[] a, boolean full, String name) {
    int count = Math.min(rows, columns);
    int left = full ? rows : count;
    int right = full ? columns : count;
    if (count == 0) {
      double[] u = Matrix.identity(rows, left);
      return new Svd(left, right, u, new double[0], Matrix.identity(right, columns));
    }
    double[] u = new double[ArrayLength.of(rows, left)];
    double[] s = new double[count];
    double[] vt = new double[ArrayLength.of(right, columns)];
    int[] places = new int[ArrayLength.of(8, count)];
    long most = Math.max(rows, columns);
    double[] work =
        new double[ArrayLength.of(BLOCK * (most + 3L * count) + 4L * count * (count + 2L) + most)];
    intW info = new intW(0);
    Dgesdd.dgesdd(
        full ? "A" : "S",
        rows,
        columns,
        a,
        0,
        rows,
        s,
        0,
        u,
        0,
        rows,
        vt,
        0,
        right,
        work,
        0,
        work.length,
        places,
        0,
        info);
    checkConverged(name, info.val);
    return new Svd(left, right, u, s, vt);
  }

  /**
   * Overwrites the symmetric {@code a (n, n)}, of which one triangle is read and whose values are
   * finite, with its eigenvectors.
   *
   * @return the eigenvalues from the smallest to the largest
   */
  public static double[] eigh(int n, boolean upper, double[] a, String name) {
    double[] values = new double[n];
    if (n > 0) {
      double[] work = new double[ArrayLength.of(1 + 6L * n + 2L * n * n + (long) n * BLOCK)];
      int[] places = new int[ArrayLength.of(3 + 5L * n)];
      intW info = new intW(0);
      Dsyevd.dsyevd(
          "V",
          upper ? "U" : "L",
          n,
          a,
          0,
          n,
          values,
          0,
          work,
          0,
          work.length,
          places,
          0,
          places.length,
          info);
      checkConverged(name, info.val);
    }
    return values;
  }

  /**
   * The solution of smallest norm among those that minimise {@code |a x - b|}, by a complete
   * orthogonal factorisation. Overwrites {@code a (rows, columns)} and puts the solution in the
   * first rows of {@code b (max(rows, columns), count)}. All sizes are at least 1.
   *
   * @param rcond columns that add less than this fraction count as dependent
   * @return the rank
   */
  public static int leastSquares(
      int rows, int columns, int count, double[] a, double[] b, double rcond) {
    int least = Math.min(rows, columns);
    intW rank = new intW(0);
    double[] work =
        new double
            [ArrayLength.of(
                Math.max(
                    least + 2L * columns + BLOCK * (columns + 1L),
                    2L * least + (long) BLOCK * count))];
    Dgelsy.dgelsy(
        rows,
        columns,
        count,
        a,
        0,
        rows,
        b,
        0,
        Math.max(rows, columns),
        new int[columns],
        0,
        rcond,
        rank,
        work,
        0,
        work.length,
        new intW(0));
    return rank.val;
  }

  private static void checkConverged(String name, int info) {
    if (info != 0) {
      throw new LinAlgException(
          name
              + ": the algorithm did not converge (LAPACK's info is "
              + info
              + "): the matrix is ill-conditioned or has too many repeated values; scale it, or"
              + " add a small multiple of the identity");
    }
  }
}
