# At what rates do perturbations of the state grow or die out along the trajectory?
#
# Lyapunov exponents along the trajectory. Perturbations die out. λ_1 in nats per step: −0.22 ± 0.0085
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · trajectory of batch element 0 · mean and standard error over 36 steps after a transient of 4 · 1
# nat is 0.434 decades · no slope of the gradient: the loss at several steps decides the slope
# gradflow 0.1.0
#
# The data are in lyapunov.csv beside this script. To draw it again, from any directory:
#   gnuplot -d lyapunov.gp                       lyapunov.svg and lyapunov.png beside the script
#   gnuplot -d -e "format='pdf'" lyapunov.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 3cec0296a10367fee4ab3167dd7d5830cb578e8c73e1ec571aa0587141c53dd6

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
data = directory . "lyapunov.csv"
target = exists("output") ? output : directory . "lyapunov." . format
if (format eq "svg") {
  set terminal svg size 1400, 658.56 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 659 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 659 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 658.56 / 96.0 enhanced \
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

# The columns of lyapunov.csv.
layer = 1; direction = 2; curve = 3; order = 4; exponent = 5; standard_error = 6; low = 7
high = 8; decades_per_step = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#009E73' linewidth 2 dashtype (3,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Lyapunov exponents along the trajectory}' at screen 0.017, screen 0.9511054 left font sized(1.3) textcolor rgb '#000000'
set label 'Perturbations die out. λ_1 in nats per step: −0.22 ± 0.0085' at screen 0.017, screen 0.9085884 left font sized(1) textcolor rgb '#222222'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · trajectory of batch element 0 · mean and standard error over 36 steps after a transient of 4' at screen 0.017, screen 0.05463435 left font sized(0.86) textcolor rgb '#555555'
set label '1 nat is 0.434 decades · no slope of the gradient: the loss at several steps decides the slope' at screen 0.017, screen 0.02423469 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8849915; set bmargin at screen 0.8516156
set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with points linetype 1 pointsize 1 title 'exponent λ_i ± standard error', \
  keyentry with lines linetype 2 title 'λ_1 from the separation of neighbours'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: 
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.917
set bmargin at screen 0.1734694; set tmargin at screen 0.8261054
set title '' offset 0, lowered font sized(1)
set grid
set xlabel 'exponent i, in descending order' font sized(1)
set xrange [0:25]
set xtics ('5' 5, '10' 10, '15' 15, '20' 20)
set ylabel 'λ_i (nats per step)' font sized(1)
set yrange [-6.55997:0.2523065]
set ytics ('−6' -6, '−5' -5, '−4' -4, '−3' -3, '−2' -2, '−1' -1, '0' 0)
set ytics nomirror; set y2tics textcolor rgb '#222222'
set y2label 'decades per step' font sized(1)
set y2range [-2.848959:0.1095753]
set y2tics ('−2.5' -2.5, '−2' -2, '−1.5' -1.5, '−1' -1, '−0.5' -0.5, '0' 0)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 dashtype solid
$guide0 << EOD
0,-0.2203674
25,-0.2203674
EOD
set key title '{/*0.85 nats per step}' left; set key inside left bottom vertical Left reverse samplen 2 spacing 1.05 maxcols 1 opaque fillcolor rgb '#48ffffff' font key_font textcolor rgb '#333333'
plot $guide0 using 1:2 with lines linetype 2 notitle, \
  data skip 1 index 1 using order:exponent:low:high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 using order:exponent with points linetype 1 pointsize 1 notitle, \
  keyentry with points linetype 1 pointsize 1 title 'λ_1: −0.22 ± 0.0085', \
  keyentry with lines linetype 2 title 'separation: −0.22'
unset y2tics; unset y2label

unset multiplot
unset output
