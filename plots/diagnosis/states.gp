# What do the units do over time?
#
# The data are in states.csv beside this script. To draw it again, from any directory:
#   gnuplot -d states.gp                       states.svg and states.png beside the script
#   gnuplot -d -e "format='pdf'" states.gp     svg, png, pdf, or dumb for a terminal

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
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 842 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 842 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 842 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 842 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
if (paged) {
  if (!exists("columns")) { columns = 80 }
  if (!exists("rows")) { rows = 24 }
  set terminal dumb nofeed size columns, rows mono noenhanced
  set print "-"
} else {
  set output target
}

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
set style fill transparent solid 0.16 noborder

# The columns of states.csv.
layer = 1; direction = 2; state = 3; unit = 4; step = 5; activation = 6


# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Hidden and cell states over time}' at screen 0.01714286, screen 0.9619952 left font sized(1.3) textcolor rgb '#000000'
  set label '|h| up to 0.533, |c| up to 1.65' at screen 0.01714286, screen 0.9287411 left font sized(1) textcolor rgb '#222222'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · trajectory of batch element 0' at screen 0.01714286, screen 0.01900238 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Hidden and cell states over time' }
if (paged) { print '|h| up to 0.533, |c| up to 1.65' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9097387
  set bmargin at screen 0.9002375
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 1
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set style fill solid 1 noborder
unset grid

# Panel 1: layer 0: hidden state h_t
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.8928571
  set bmargin at screen 0.5083135; set tmargin at screen 0.8527316
}
set title 'layer 0: hidden state h_t' noenhanced offset 0, lowered
set xlabel (paged ? 'step t' : '')
set ylabel (paged ? 'unit' : 'unit')
set format x (paged ? '%g' : '')
set xrange [-0.5:40.5]
set yrange [0.5:12.5]
set xtics 0, 10, 40
set ytics 2, 2, 12
set format y '%g'

set palette defined (-1 '#053061', -0.66 '#2c7bb6', -0.33 '#9ecae1', 0 '#ffffff', 0.33 '#fdb863', 0.66 '#d7711a', 1 '#7f3b08')
least = -0.5; greatest = 0.5
set cbrange [least:greatest]
set cbtics ('≤ -0.5' -0.5, '-0.4' -0.4, '-0.2' -0.2, '0' 0, '0.2' 0.2, '0.4' 0.4)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))
digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''
if (!paged) { set colorbox vertical user origin screen 0.9142857, screen 0.5083135 size screen 0.01571429, screen 0.3444181 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using step:unit:(shade(activation)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 0 using step:unit:((int(column(0)) % 41) % 1 == 0 && (int(column(0)) / 41) % 1 == 0 ? digit(activation) : '') with labels notitle

# Panel 2: layer 0: cell state c_t
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.8928571
  set bmargin at screen 0.111639; set tmargin at screen 0.456057
}
set title 'layer 0: cell state c_t' noenhanced offset 0, lowered
set xlabel (paged ? 'step t' : 'step t')
set ylabel (paged ? 'unit' : 'unit')
set format x (paged ? '%g' : '%g')
set xrange [-0.5:40.5]
set yrange [0.5:12.5]
set xtics 0, 10, 40
set ytics 2, 2, 12
set format y '%g'

set palette defined (-1 '#053061', -0.66 '#2c7bb6', -0.33 '#9ecae1', 0 '#ffffff', 0.33 '#fdb863', 0.66 '#d7711a', 1 '#7f3b08')
least = -1.5; greatest = 1.5
set cbrange [least:greatest]
set cbtics ('-1' -1, '0' 0, '1' 1, '≥ 1.5' 1.5)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))
digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''
if (!paged) { set colorbox vertical user origin screen 0.9142857, screen 0.111639 size screen 0.01571429, screen 0.3444181 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 1 using step:unit:(shade(activation)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 1 using step:unit:((int(column(0)) % 41) % 1 == 0 && (int(column(0)) / 41) % 1 == 0 ? digit(activation) : '') with labels notitle

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · trajectory of batch' }
if (paged) { print 'element 0' }
