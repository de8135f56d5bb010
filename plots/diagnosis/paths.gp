# Which paths does the gradient of an LSTM's cell state take through time?
#
# Paths of ∂L/∂c_t through time. Share of ∂L/∂c_t at lag 39 that arrived along c only, the carousel: 78.6 %
# Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide
# vanishing. The figure two-time follows each step's loss separately.
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · share: projection of the part on the whole, ⟨part, ∂L/∂c_t⟩ / ‖∂L/∂c_t‖², signed, sum 1 · norms
# over the whole batch · what a loss sends to c at its own step counts as carousel · no forget path: the loss at
# several steps decides the slope
# gradflow 0.1.0
#
# The data are in paths.csv beside this script. To draw it again, from any directory:
#   gnuplot -d paths.gp                       paths.svg and paths.png beside the script
#   gnuplot -d -e "format='pdf'" paths.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: d792c545a3cad347e1a278032aa1421403239b7e92c27b600ca945d0c99b2b3c

reset
set encoding utf8
if (!exists("ARG0")) { ARG0 = "" }
script = ARG0
directory = script
while (strlen(directory) > 0 && directory[strlen(directory):*] ne "/") {
  directory = (strlen(directory) == 1) ? "" : directory[1:strlen(directory) - 1]
}
if (directory[1:1] ne "/") { directory = "./" . directory }
if (!exists("format")) {
  do for [each in "svg png"] { format = each; load script }
  undefine format
  exit
}
data = directory . "paths.csv"
target = exists("output") ? output : directory . "paths." . format
if (format eq "svg") {
  set terminal svg size 1400, 922.88 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 923 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 923 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 922.88 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
set output target

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
# A key takes no call for its font.
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
# Of the colour bar, too.
set style fill solid 1 noborder
set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder

# The columns of paths.csv.
layer = 1; direction = 2; path = 3; lag = 4; share = 5; log10_norm = 6

set linetype 1 linecolor rgb '#E69F00' linewidth 2 dashtype (16,4) pointtype 9 pointsize 1
set linetype 2 linecolor rgb '#0072B2' linewidth 2 dashtype (10,4) pointtype 7 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#009E73' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 5 linecolor rgb '#CC79A7' linewidth 2 dashtype (5,3) pointtype 13 pointsize 1
set linetype 6 linecolor rgb '#dddddd' linewidth 7 dashtype solid pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Paths of ∂L/∂c_t through time}' at screen 0.017, screen 0.9651092 left font sized(1.3) textcolor rgb '#000000'
set label 'Share of ∂L/∂c_t at lag 39 that arrived along c only, the carousel: 78.6 %' at screen 0.017, screen 0.9347694 left font sized(1) textcolor rgb '#222222'
set label 'Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide vanishing. The figure two-time follows each step''s loss separately.' at screen 0.017, screen 0.9088289 left font sized(1) textcolor rgb '#B34700'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · share: projection of the part on the whole, ⟨part, ∂L/∂c_t⟩ / ‖∂L/∂c_t‖², signed, sum 1' at screen 0.017, screen 0.03898665 left font sized(0.86) textcolor rgb '#555555'
set label 'norms over the whole batch · what a loss sends to c at its own step counts as carousel · no forget path: the loss at several steps decides the slope' at screen 0.017, screen 0.01729369 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8919903; set bmargin at screen 0.8443568
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'carousel, along c only', \
  keyentry with lines linetype 2 title 'in through input gate i', \
  keyentry with lines linetype 3 title 'in through forget gate f', \
  keyentry with lines linetype 4 title 'in through candidate g', \
  keyentry with lines linetype 5 title 'in through output gate o', \
  keyentry with lines linetype 6 title 'whole ∂L/∂c_t'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: shares
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.979
set bmargin at screen 0.4848301; set tmargin at screen 0.7988471
set title 'shares' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:39]
set xtics ('' 0, '' 10, '' 20, '' 30)
set ylabel 'share of ∂L/∂c_t' font sized(1)
set yrange [-0.08688817:1.08979]
set ytics ('0' 0, '0.5' 0.5, '1' 1)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
unset key
plot data skip 1 index 1 using lag:share with lines linetype 5 notitle, \
  data skip 1 index 2 using lag:share with lines linetype 4 notitle, \
  data skip 1 index 3 using lag:share with lines linetype 3 notitle, \
  data skip 1 index 4 using lag:share with lines linetype 2 notitle, \
  data skip 1 index 5 using lag:share with lines linetype 1 notitle

# Panel 2: norms
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.979
set bmargin at screen 0.1237864; set tmargin at screen 0.4378034
set title 'norms' offset 0, lowered font sized(1)
set grid
set xlabel 'lag T − t (steps)' font sized(1)
set xrange [0:39]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30)
set ylabel '‖part of ∂L/∂c_t‖' font sized(1)
set yrange [-4.481693:-1.864479]
set ytics ('10^{−4}' -4, '10^{−3}' -3, '10^{−2}' -2, '0' -4.373643)
set object rectangle from graph 0, first -4.481693 to graph 1, first -4.265593 back fillcolor rgb '#eeeeee' fillstyle solid 1 noborder
y_place(v) = v
y_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? -4.373643 : y_place(column(c))
unset colorbox
unset key
plot data skip 1 index 0 using lag:(y_at(log10_norm)) with lines linetype 6 notitle, \
  data skip 1 index 1 using lag:(y_at(log10_norm)) with lines linetype 5 notitle, \
  data skip 1 index 2 using lag:(y_at(log10_norm)) with lines linetype 4 notitle, \
  data skip 1 index 3 using lag:(y_at(log10_norm)) with lines linetype 3 notitle, \
  data skip 1 index 4 using lag:(y_at(log10_norm)) with lines linetype 2 notitle, \
  data skip 1 index 5 using lag:(y_at(log10_norm)) with lines linetype 1 notitle

unset multiplot
unset output
