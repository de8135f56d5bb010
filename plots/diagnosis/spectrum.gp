# How much of the gradient do the directions of the state pass on, and over how many steps?
#
# Singular values of the Jacobian back through time. At lag 40, σ_max and effective rank of ∂(h, c)_T/∂(h, c)_t:
# 10^−3.6, 3.8 of 24
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · trajectory of batch element 0 · in panels: how many σ are exactly 0, leave the panel below or are
# lost in rounding at the longest lag · effective rank: exp of the entropy of σ_i / Σσ, from 1 to their number
# gradflow 0.1.0
#
# The data are in spectrum.csv beside this script. To draw it again, from any directory:
#   gnuplot -d spectrum.gp                       spectrum.svg and spectrum.png beside the script
#   gnuplot -d -e "format='pdf'" spectrum.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 8b28afc9e45ab835940758438ae266882606099bc8a01b6dab575fbb0616d804

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
data = directory . "spectrum.csv"
target = exists("output") ? output : directory . "spectrum." . format
if (format eq "svg") {
  set terminal svg size 1400, 1232.14 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1232 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1232 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1232.14 / 96.0 enhanced \
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

# The columns of spectrum.csv.
layer = 1; direction = 2; block = 3; curve = 4; lag = 5; log10_sigma = 6; effective_rank = 7

set linetype 1 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#56B4E9' linewidth 0.6 dashtype solid pointtype 0 pointsize 1
set linetype 3 linecolor rgb '#0072B2' linewidth 2 dashtype (3,3) pointtype 9 pointsize 1
set linetype 4 linecolor rgb '#009E73' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 5 linecolor rgb '#CC79A7' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Singular values of the Jacobian back through time}' at screen 0.017, screen 0.9738666 left font sized(1.3) textcolor rgb '#000000'
set label 'At lag 40, σ_{max} and effective rank of ∂(h, c)_T/∂(h, c)_t: 10^{−3.6}, 3.8 of 24' at screen 0.017, screen 0.9511419 left font sized(1) textcolor rgb '#222222'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · trajectory of batch element 0' at screen 0.017, screen 0.02920123 left font sized(0.86) textcolor rgb '#555555'
set label 'in panels: how many σ are exactly 0, leave the panel below or are lost in rounding at the longest lag · effective rank: exp of the entropy of σ_i / Σσ, from 1 to their number' at screen 0.017, screen 0.01295307 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9385297; set bmargin at screen 0.9028519
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'largest σ', \
  keyentry with lines linetype 2 title 'each σ between', \
  keyentry with lines linetype 3 title 'smallest σ', \
  keyentry with lines linetype 4 title 'effective rank, ∂h_T/∂h_t', \
  keyentry with lines linetype 5 title 'effective rank, ∂(h, c)_T/∂(h, c)_t'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: ∂h_T/∂h_t
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.979
set bmargin at screen 0.6335644; set tmargin at screen 0.8687649
set title '∂h_T/∂h_t' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:40]
set xtics ('' 0, '' 10, '' 20, '' 30, '' 40)
set ylabel 'singular values σ' font sized(1)
set yrange [-9.869305:-0.2423474]
set ytics ('10^{−8}' -8, '10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2)
unset colorbox
unset key
plot data skip 1 index 0 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 1 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 3 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 4 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 5 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 6 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 7 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 8 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 9 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 10 using lag:log10_sigma with lines linetype 3 notitle, \
  data skip 1 index 11 using lag:log10_sigma with lines linetype 1 notitle

# Panel 2: ∂(h, c)_T/∂(h, c)_t
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.979
set bmargin at screen 0.3631406; set tmargin at screen 0.5983411
set title '∂(h, c)_T/∂(h, c)_t' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:40]
set xtics ('' 0, '' 10, '' 20, '' 30, '' 40)
set ylabel 'singular values σ' font sized(1)
set yrange [-34.97933:1.3486]
set ytics ('10^{−30}' -30, '10^{−20}' -20, '10^{−10}' -10, '10^{0}' 0)
unset colorbox
set label 'lower: 12 of 24' at graph 0.98, graph 0.9501449 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 12 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 13 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 14 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 15 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 16 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 17 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 18 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 19 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 20 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 21 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 22 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 23 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 24 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 25 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 26 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 27 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 28 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 29 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 30 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 31 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 32 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 33 using lag:log10_sigma with lines linetype 2 notitle, \
  data skip 1 index 34 using lag:log10_sigma with lines linetype 3 notitle, \
  data skip 1 index 35 using lag:log10_sigma with lines linetype 1 notitle

# Panel 3: effective rank
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.979
set bmargin at screen 0.09271674; set tmargin at screen 0.3279173
set title 'effective rank' offset 0, lowered font sized(1)
set grid
set xlabel 'lag T − t (steps)' font sized(1)
set xrange [0:40]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'effective rank' font sized(1)
set yrange [0:25.44]
set ytics ('0' 0, '10' 10, '20' 20)
unset colorbox
unset key
plot data skip 1 index 36 using lag:effective_rank with lines linetype 4 notitle, \
  data skip 1 index 37 using lag:effective_rank with lines linetype 5 notitle

unset multiplot
unset output
