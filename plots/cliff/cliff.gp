# What does a step at the foot of a cliff do, and how does clipping change it?
#
# Down an error surface with a cliff, with and without clipping. no clipping: ends at E = 0.081, longest step
# 1.87 (update 22); clip 0.05: ends at E = 4.01 × 10⁻¹², longest step 0.0885 (update 12), 29 of 50 updates
# clipped
# gradient descent · learning rate 2 · schedule cosine · x_t = w σ(x_t−1) + b, t = 1…50, x_0 = 0.5, E = (σ(x_50)
# − 0.7)² · start w = 5.3, b = −1.4 · shading: square root of E
# gradflow 0.1.0
#
# The data are in cliff.csv beside this script. To draw it again, from any directory:
#   gnuplot -d cliff.gp                       cliff.svg and cliff.png beside the script
#   gnuplot -d -e "format='pdf'" cliff.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: d56e34ca7d066d9d4597b0a898543e74eda46f8ee3e179c9889d227e3bfd6a57

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
data = directory . "cliff.csv"
target = exists("output") ? output : directory . "cliff." . format
if (format eq "svg") {
  set terminal svg size 1400, 615.72 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 616 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 616 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 615.72 / 96.0 enhanced \
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

# The columns of cliff.csv.
quantity = 1; clip = 2; update = 3; w = 4; b = 5; error = 6; root_error = 7; learning_rate = 8
log10_grad_before = 9; log10_grad_after = 10; clipped = 11; step = 12

set linetype 1 linecolor rgb '#000000' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 13 pointsize 1
set linetype 4 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 5 linecolor rgb '#ffffff' linewidth 4.5 dashtype solid pointtype 0 pointsize 1
set linetype 6 linecolor rgb '#000000' linewidth 1.6 dashtype solid pointtype 7 pointsize 1
set linetype 7 linecolor rgb '#D55E00' linewidth 1.6 dashtype solid pointtype 11 pointsize 1
set linetype 8 linecolor rgb '#ffffff' linewidth 2 dashtype solid pointtype 13 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Down an error surface with a cliff, with and without clipping}' at screen 0.017, screen 0.9477035 left font sized(1.3) textcolor rgb '#000000'
set label 'no clipping: ends at E = 0.081, longest step 1.87 (update 22); clip 0.05: ends at E = 4.01 × 10^{−12}, longest step 0.0885 (update 12), 29 of 50 updates clipped' at screen 0.017, screen 0.9022283 left font sized(1) textcolor rgb '#222222'
set label 'gradient descent · learning rate 2 · schedule cosine · x_t = w σ(x_{t−1}) + b, t = 1…50, x_0 = 0.5, E = (σ(x_{50}) − 0.7)^2 · start w = 5.3, b = −1.4 · shading: square root of E' at screen 0.017, screen 0.02592087 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8769895; set bmargin at screen 0.8412915
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with linespoints linetype 1 pointsize 1 title 'no clipping', \
  keyentry with linespoints linetype 2 pointsize 1 title 'clip 0.05', \
  keyentry with points linetype 3 pointsize 2 title 'start'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: error after each update
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.44225
set bmargin at screen 0.1530241; set tmargin at screen 0.7730787
set title 'error after each update' offset 0, lowered font sized(1)
set grid
set xlabel 'update' font sized(1)
set xrange [0:50]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40, '50' 50)
set ylabel 'error E(w, b)' font sized(1)
set yrange [-11.83123:-0.1142963]
set ytics ('10^{−10}' -10, '10^{−8}' -8, '10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2)
y_place(v) = v > 0 ? (log10(v) < -11.83123 ? -11.83123 : log10(v) > -0.1142963 ? -0.1142963 : log10(v)) : -11.83123
y_at(c) = strcol(c) eq 'inf' ? -0.1142963 : strcol(c) eq '-inf' ? -11.83123 : y_place(column(c))
unset colorbox
unset key
plot data skip 1 index 0 using update:(y_at(error)) with lines linetype 1 notitle, \
  data skip 1 index 0 using update:(y_at(error)) with points linetype 1 pointsize 1.05 notitle, \
  data skip 1 index 1 using update:(y_at(error)) with lines linetype 2 notitle, \
  data skip 1 index 1 using update:(y_at(error)) with points linetype 2 pointsize 0.7 notitle

# Panel 2: the steps on the surface E(w, b)
unset label; unset object; unset arrow
set lmargin at screen 0.51425; set rmargin at screen 0.893
set bmargin at screen 0.1530241; set tmargin at screen 0.7730787
set title 'the steps on the surface E(w, b)' offset 0, lowered font sized(1)
unset grid
set xlabel 'weight w' font sized(1)
set xrange [3.745131:5.745131]
set xtics ('4' 4, '4.5' 4.5, '5' 5, '5.5' 5.5)
set ylabel 'bias b' font sized(1)
set yrange [-2.639321:-0.07704543]
set ytics ('−2.5' -2.5, '−2' -2, '−1.5' -1.5, '−1' -1, '−0.5' -0.5)
set palette defined (0 '#ffffff', 0.12 '#e3ecf3', 0.45 '#b4c8d8', 1 '#5d7890')
least = 0; greatest = 0.6062363
set cbrange [least:greatest]
set cbtics ('0' 0, '0.01' 0.1, '0.05' 0.2236068, '0.1' 0.3162278, '0.2' 0.4472136, '0.3' 0.5477226)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? least : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.1530241 size screen 0.016, screen 0.6200546
set label 'E' at screen 0.914, screen 0.79809 left
set label 'step 1.87 at update 22' at first 4.504063, first -1.253045 center front boxed font sized(0.85) textcolor rgb '#000000'
set label 'E = 0.081' at first 4.712706, first -0.4793095 right offset -1.5, 0.9 front boxed font sized(0.85) textcolor rgb '#000000'
set label 'E = 4.01 × 10^{−12}' at first 4.384923, first -2.220706 right offset -1.5, -0.9 front boxed font sized(0.85) textcolor rgb '#D55E00'
$guide7 << EOD
5.3,-1.4
EOD
$guide8 << EOD
5.3,-1.4
EOD
unset key
plot data skip 1 index 2 using w:b:(shade(root_error)) with image notitle, \
  data skip 1 index 0 using w:b with lines linetype 5 notitle, \
  data skip 1 index 0 using w:b with lines linetype 6 notitle, \
  data skip 1 index 0 using w:b with points linetype 6 pointsize 1.05 notitle, \
  data skip 1 index 1 using w:b with lines linetype 5 notitle, \
  data skip 1 index 1 using w:b with lines linetype 7 notitle, \
  data skip 1 index 1 using w:b with points linetype 7 pointsize 0.7 notitle, \
  $guide7 using 1:2 with points linetype 8 pointsize 3.2 notitle, \
  $guide8 using 1:2 with points linetype 3 pointsize 2.2 notitle

unset multiplot
unset output
