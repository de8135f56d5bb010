# Are the gates open, closed or saturated, and which of them do gradients reach?
#
# Gates over time. f is 0.728 on average, f saturates most: in 0.2 % of units and steps
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · over batch and units · saturated: below 0.1 or above 0.9, tanh beyond ±0.9
# gradflow 0.1.0
#
# The data are in gates.csv beside this script. To draw it again, from any directory:
#   gnuplot -d gates.gp                       gates.svg and gates.png beside the script
#   gnuplot -d -e "format='pdf'" gates.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: dab1ba18ffbc88a7643588521daea85d3ce28fe6b147d830c83c2a03f2ba1197

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
data = directory . "gates.csv"
target = exists("output") ? output : directory . "gates." . format
if (format eq "svg") {
  set terminal svg size 1400, 1082.34 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1082 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1082 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1082.34 / 96.0 enhanced \
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

# The columns of gates.csv.
layer = 1; direction = 2; gate = 3; step = 4; mean = 5; saturated_low = 6; saturated_high = 7
log10_gradient = 8

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype (10,4) pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#CC79A7' linewidth 2 dashtype (5,3) pointtype 13 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gates over time}' at screen 0.017, screen 0.9702496 left font sized(1.3) textcolor rgb '#000000'
set label 'f is 0.728 on average, f saturates most: in 0.2 % of units and steps' at screen 0.017, screen 0.9443798 left font sized(1) textcolor rgb '#222222'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · over batch and units · saturated: below 0.1 or above 0.9, tanh beyond ±0.9' at screen 0.017, screen 0.01474583 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.930022; set bmargin at screen 0.9097141
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'input gate i', \
  keyentry with lines linetype 2 title 'forget gate f', \
  keyentry with lines linetype 3 title 'candidate g', \
  keyentry with lines linetype 4 title 'output gate o'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: mean of gates
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.979
set bmargin at screen 0.6031561; set tmargin at screen 0.8709093
set title 'mean of gates' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('' 10, '' 20, '' 30, '' 40)
set ylabel 'mean' font sized(1)
set yrange [-0.2152725:1.046741]
set ytics ('0' 0, '0.5' 0.5, '1' 1)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
unset key
plot data skip 1 index 0 using step:mean with lines linetype 1 notitle, \
  data skip 1 index 1 using step:mean with lines linetype 2 notitle, \
  data skip 1 index 2 using step:mean with lines linetype 3 notitle, \
  data skip 1 index 3 using step:mean with lines linetype 4 notitle

# Panel 2: saturated gates
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.979
set bmargin at screen 0.3949036; set tmargin at screen 0.5630578
set title 'saturated gates' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('' 10, '' 20, '' 30, '' 40)
set ylabel 'share: low ← 0 → high' font sized(1)
set yrange [-0.53:0.53]
set ytics ('0.5' -0.5, '0.25' -0.25, '0' 0, '0.25' 0.25, '0.5' 0.5)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
unset key
plot data skip 1 index 0 using step:saturated_high with lines linetype 1 notitle, \
  data skip 1 index 0 using step:(column(saturated_low) * -1) with lines linetype 1 notitle, \
  data skip 1 index 1 using step:saturated_high with lines linetype 2 notitle, \
  data skip 1 index 1 using step:(column(saturated_low) * -1) with lines linetype 2 notitle, \
  data skip 1 index 2 using step:saturated_high with lines linetype 3 notitle, \
  data skip 1 index 2 using step:(column(saturated_low) * -1) with lines linetype 3 notitle, \
  data skip 1 index 3 using step:saturated_high with lines linetype 4 notitle, \
  data skip 1 index 3 using step:(column(saturated_low) * -1) with lines linetype 4 notitle

# Panel 3: gradient of gates
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.979
set bmargin at screen 0.08705213; set tmargin at screen 0.3548053
set title 'gradient of gates' offset 0, lowered font sized(1)
set grid
set xlabel 'step t → (lag T − t falls)' font sized(1)
set xrange [1:40]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40)
set ylabel '‖∂L/∂a_t‖ (whole batch)' font sized(1)
set yrange [-3.721265:-2.253098]
set ytics ('0.0005' -3.30103, '0.001' -3, '0.002' -2.69897, '0.005' -2.30103, '0' -3.660653)
set object rectangle from graph 0, first -3.721265 to graph 1, first -3.600041 back fillcolor rgb '#eeeeee' fillstyle solid 1 noborder
y_place(v) = v
y_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? -3.660653 : y_place(column(c))
unset colorbox
unset key
plot data skip 1 index 0 using step:(y_at(log10_gradient)) with lines linetype 1 notitle, \
  data skip 1 index 1 using step:(y_at(log10_gradient)) with lines linetype 2 notitle, \
  data skip 1 index 2 using step:(y_at(log10_gradient)) with lines linetype 3 notitle, \
  data skip 1 index 3 using step:(y_at(log10_gradient)) with lines linetype 4 notitle

unset multiplot
unset output
