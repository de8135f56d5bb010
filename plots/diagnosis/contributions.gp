# Which steps make up the gradient of W_hh, and do they point the same way?
#
# What each step adds to the gradient of W_hh. Contributions partly cancel: the norm of their sum is 43.1 % of
# the sum of their norms, and 5 of 40 steps point against it
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · g_t: what step t adds to ∂L/∂W_hh, whole batch · ‖Σ g_t‖ / Σ ‖g_t‖: 100 % if all point the same
# way, 0 if they cancel
# gradflow 0.1.0
#
# The data are in contributions.csv beside this script. To draw it again, from any directory:
#   gnuplot -d contributions.gp                       contributions.svg and contributions.png beside the script
#   gnuplot -d -e "format='pdf'" contributions.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 6250c6a5d81a6480347f4086aec5266ef270d8dce9727b78ad59019e7a221c68

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
data = directory . "contributions.csv"
target = exists("output") ? output : directory . "contributions." . format
if (format eq "svg") {
  set terminal svg size 1400, 876.96 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 877 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 877 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 876.96 / 96.0 enhanced \
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

# The columns of contributions.csv.
layer = 1; direction = 2; gate = 3; lag = 4; log10_norm = 5; cosine = 6

set linetype 1 linecolor rgb '#0072B2' linewidth 1.4 dashtype (10,4) pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 1.4 dashtype solid pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 1.4 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#CC79A7' linewidth 1.4 dashtype (5,3) pointtype 13 pointsize 1
set linetype 5 linecolor rgb '#000000' linewidth 2.6 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold What each step adds to the gradient of W_{hh}}' at screen 0.017, screen 0.9632822 left font sized(1.3) textcolor rgb '#000000'
set label 'Contributions partly cancel: the norm of their sum is 43.1 % of the sum of their norms, and 5 of 40 steps point against it' at screen 0.017, screen 0.9313538 left font sized(1) textcolor rgb '#222222'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · g_t: what step t adds to ∂L/∂W_{hh}, whole batch' at screen 0.017, screen 0.0410281 left font sized(0.86) textcolor rgb '#555555'
set label '‖Σ g_t‖ / Σ ‖g_t‖: 100 % if all point the same way, 0 if they cancel' at screen 0.017, screen 0.01819923 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9136335; set bmargin at screen 0.8885696
set key inside left top horizontal Left reverse samplen 3.5 maxcols 5
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'input gate i', \
  keyentry with lines linetype 2 title 'forget gate f', \
  keyentry with lines linetype 3 title 'candidate g', \
  keyentry with lines linetype 4 title 'output gate o', \
  keyentry with lines linetype 5 title 'all gates'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: how large
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.979
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'how large' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:39]
set xtics ('' 0, '' 10, '' 20, '' 30)
set ylabel '‖g_t‖' font sized(1)
set yrange [-4.365473:-2.316159]
set ytics ('0.0001' -4, '0.0002' -3.69897, '0.0005' -3.30103, '0.001' -3, '0.002' -2.69897, '0' -4.280868)
set object rectangle from graph 0, first -4.365473 to graph 1, first -4.196263 back fillcolor rgb '#eeeeee' fillstyle solid 1 noborder
y_place(v) = v
y_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? -4.280868 : y_place(column(c))
unset colorbox
unset key
plot data skip 1 index 0 using lag:(y_at(log10_norm)) with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:(y_at(log10_norm)) with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:(y_at(log10_norm)) with lines linetype 3 notitle, \
  data skip 1 index 3 using lag:(y_at(log10_norm)) with lines linetype 4 notitle, \
  data skip 1 index 4 using lag:(y_at(log10_norm)) with lines linetype 5 notitle

# Panel 2: which way
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.979
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'which way' offset 0, lowered font sized(1)
set grid
set xlabel 'lag T − t (steps)' font sized(1)
set xrange [0:39]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30)
set ylabel 'cosine of g_t and Σ g_t' font sized(1)
set yrange [-1.08:1.08]
set ytics ('−1' -1, '−0.5' -0.5, '0' 0, '0.5' 0.5, '1' 1)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
set arrow from graph 0, first 1 to graph 1, first 1 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
set label 'along the total' at graph 0.02 , first 1 left offset 0, -0.6 front font sized(0.8) textcolor rgb '#666666'
set arrow from graph 0, first -1 to graph 1, first -1 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3)
set label 'against the total' at graph 0.02 , first -1 left offset 0, 0.6 front font sized(0.8) textcolor rgb '#666666'
set key title '{/*0.85 ‖Σ g_t‖ / Σ ‖g_t‖}' left; set key inside right bottom vertical Left reverse samplen 2 spacing 1.05 maxcols 1 opaque fillcolor rgb '#48ffffff' font key_font textcolor rgb '#333333'
plot data skip 1 index 0 using lag:cosine with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:cosine with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:cosine with lines linetype 3 notitle, \
  data skip 1 index 3 using lag:cosine with lines linetype 4 notitle, \
  data skip 1 index 4 using lag:cosine with lines linetype 5 notitle, \
  keyentry with lines linetype 1 title 'i: 34 %', \
  keyentry with lines linetype 2 title 'f: 48.7 %', \
  keyentry with lines linetype 3 title 'g: 45.9 %', \
  keyentry with lines linetype 4 title 'o: 28.6 %', \
  keyentry with lines linetype 5 title 'all gates: 43.1 %'

unset multiplot
unset output
