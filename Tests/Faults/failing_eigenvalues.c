// A library to be preloaded into a program under test: LAPACK finds no eigenvalues of matrices of 5 rows, as where its
// iteration does not converge.

#define _GNU_SOURCE
#include <dlfcn.h>

typedef int (*eigenvalues)(
    int layout, char left, char right, int rows, double *matrix, int stride, double *real, double *imaginary,
    double *left_vectors, int left_stride, double *right_vectors, int right_stride);

int LAPACKE_dgeev(
    int layout, char left, char right, int rows, double *matrix, int stride, double *real, double *imaginary,
    double *left_vectors, int left_stride, double *right_vectors, int right_stride) {
  if (rows == 5) return 1;
  return ((eigenvalues)dlsym(RTLD_NEXT, "LAPACKE_dgeev"))(
      layout, left, right, rows, matrix, stride, real, imaginary, left_vectors, left_stride, right_vectors,
      right_stride);
}
