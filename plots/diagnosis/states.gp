# What do the units do over time?
#
# Hidden and cell states over time. |h| up to 0.533, |c| up to 1.65
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · trajectory of batch element 0 · units from the lowest mean of h_t at the bottom to the highest ·
# below: the inputs x_t in the same colours, up to ±3.06
# gradflow 0.1.0
#
# The data are in states.csv beside this script. To draw it again, from any directory:
#   gnuplot -d states.gp                       states.svg and states.png beside the script
#   gnuplot -d -e "format='pdf'" states.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: f886a9a39bc898337866444dbaff6a1c48fa28f2b4b27d6afb55eca6fd3615d5

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
data = directory . "states.csv"
target = exists("output") ? output : directory . "states." . format
if (format eq "svg") {
  set terminal svg size 1400, 927.43 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 927 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 927 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 927.43 / 96.0 enhanced \
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

# The columns of states.csv.
layer = 1; direction = 2; state = 3; place = 4; unit = 5; step = 6; activation = 7

set linetype 1 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Hidden and cell states over time}' at screen 0.017, screen 0.9652804 left font sized(1.3) textcolor rgb '#000000'
set label '|h| up to 0.533, |c| up to 1.65' at screen 0.017, screen 0.9350894 left font sized(1) textcolor rgb '#222222'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · trajectory of batch element 0 · units from the lowest mean of h_t at the bottom to the highest' at screen 0.017, screen 0.03879538 left font sized(0.86) textcolor rgb '#555555'
set label 'below: the inputs x_t in the same colours, up to ±3.06' at screen 0.017, screen 0.01720885 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9183335; set bmargin at screen 0.9092762
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: hidden state h_t
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.893
set bmargin at screen 0.5605706; set tmargin at screen 0.873047
set title 'hidden state h_t' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:40.5]
set xtics ('' 0, '' 10, '' 20, '' 30, '' 40)
set ylabel 'unit, by mean h' font sized(1)
set yrange [-0.5:11.5]
set ytics ('5' 0, '2' 1, '6' 2, '1' 3, '4' 4, '8' 5, '7' 6, '3' 7, '10' 8, '9' 9, '11' 10, '12' 11)
set palette defined (0 '#053061', 0.17 '#2c7bb6', 0.335 '#9ecae1', 0.5 '#ffffff', 0.665 '#fdb863', 0.83 '#d7711a', 1 '#7f3b08')
least = -0.5; greatest = 0.5
set cbrange [least:greatest]
set cbtics ('≤ −0.5' -0.5, '−0.4' -0.4, '−0.2' -0.2, '0' 0, '0.2' 0.2, '0.4' 0.4)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? least : bounded(column(c))
ink(c) = abs(shade(c)) > 0.5 * greatest ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.5605706 size screen 0.016, screen 0.3124764
set label 'h_t' at screen 0.914, screen 0.889652 left
unset key
plot data skip 1 index 0 using step:place:(shade(activation)) with image notitle

# Panel 2: cell state c_t
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.893
set bmargin at screen 0.2130161; set tmargin at screen 0.5137746
set title 'cell state c_t' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:40.5]
set xtics ('' 0, '' 10, '' 20, '' 30, '' 40)
set ylabel 'unit, by mean h' font sized(1)
set yrange [-0.5:11.5]
set ytics ('5' 0, '2' 1, '6' 2, '1' 3, '4' 4, '8' 5, '7' 6, '3' 7, '10' 8, '9' 9, '11' 10, '12' 11)
set palette defined (0 '#053061', 0.17 '#2c7bb6', 0.335 '#9ecae1', 0.5 '#ffffff', 0.665 '#fdb863', 0.83 '#d7711a', 1 '#7f3b08')
least = -1.5; greatest = 1.5
set cbrange [least:greatest]
set cbtics ('−1' -1, '0' 0, '1' 1, '≥ 1.5' 1.5)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? least : bounded(column(c))
ink(c) = abs(shade(c)) > 0.5 * greatest ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.2130161 size screen 0.016, screen 0.3007585
set label 'c_t' at screen 0.914, screen 0.5303797 left
unset key
plot data skip 1 index 1 using step:place:(shade(activation)) with image notitle
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.893
set bmargin at screen 0.1231791; set tmargin at screen 0.1934863
set title '' offset 0, lowered font sized(1)
unset grid
set xlabel 'step t → (lag T − t falls)' font sized(1)
set xrange [-0.5:40.5]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'input' font sized(1)
set yrange [-0.5:3.5]
set ytics ('1' 0, '3' 2)
set palette defined (0 '#053061', 0.17 '#2c7bb6', 0.335 '#9ecae1', 0.5 '#ffffff', 0.665 '#fdb863', 0.83 '#d7711a', 1 '#7f3b08')
least = -4; greatest = 4
set cbrange [least:greatest]
set cbtics ('−4' -4, '−2' -2, '0' 0, '2' 2, '4' 4)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? least : bounded(column(c))
ink(c) = abs(shade(c)) > 0.5 * greatest ? 0xffffff : 0x000000
unset colorbox
unset key
plot data skip 1 index 2 using step:place:(shade(activation)) with image notitle

unset multiplot
unset output
