# Which steps make up the gradient of W_hh?
#
# The data are in contributions.csv beside this script. To draw it again, from any directory:
#   gnuplot -d contributions.gp                       contributions.svg and contributions.png beside the script
#   gnuplot -d -e "format='pdf'" contributions.gp     svg, png, pdf, or dumb for a terminal

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
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 884 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 884 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 884 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 884 / 96.0 enhanced \
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

# The columns of contributions.csv.
spectral_radius = 1; cell = 2; forget_bias = 3; lag = 4; cumulative_share_median = 5
cumulative_share_q25 = 6; cumulative_share_q75 = 7; seeds = 8

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#E69F00' linewidth 2.0 dashtype (20,5) pointtype 15 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Share of the last steps in the gradient of W_{hh}}' at screen 0.01714286, screen 0.9638009 left font sized(1.3) textcolor rgb '#000000'
  set label 'Number of last steps that contribute 90 %: rnn: 3 (ρ = 0.5) to 198 (ρ = 2.5); lstm, forget bias 0: 4 (ρ = 0.5) to 12 (ρ = 2.5); lstm, forget bias 1: 8 (ρ = 0.5) to 95 (ρ = 2.5)' at screen 0.01714286, screen 0.9321267 left font sized(1) textcolor rgb '#222222'
  set label 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · clip none (first of 2) · float32' at screen 0.01714286, screen 0.04072398 left font sized(0.86) textcolor rgb '#555555'
  set label 'LSTM forget bias 0, 1 · task gaussian-noise · run decay' at screen 0.01714286, screen 0.01809955 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Share of the last steps in the gradient of W_hh' }
if (paged) { print 'Number of last steps that contribute 90 %: rnn: 3 (ρ = 0.5) to 198 (ρ = 2.5);' }
if (paged) { print 'lstm, forget bias 0: 4 (ρ = 0.5) to 12 (ρ = 2.5); lstm, forget bias 1: 8 (ρ =' }
if (paged) { print '0.5) to 95 (ρ = 2.5)' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9140271
  set bmargin at screen 0.8891403
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'rnn', \
    keyentry with lines linetype 2 title 'lstm, forget bias 0', \
    keyentry with lines linetype 3 title 'lstm, forget bias 1', \
    keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
shown(c) = column(c)
set yrange [0:1.04]
set ytics 0, 0.2, 1
set logscale x
set xrange [1:280.0]

# Panel 1: spectral radius ρ = 0.5
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.37
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'spectral radius ρ = 0.5' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : '')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : 'share of Σ_t ‖contribution of t‖')
set format x (paged ? '%g' : '')
set format y '%g'
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 3, 0.9671323 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 4, 0.9113942 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
if (!paged) { set label at 8, 0.9140253 point pointtype 7 pointsize 1.3 linecolor rgb '#E69F00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 1 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 2 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 3 notitle, \
  data skip 1 index 0 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 1 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  data skip 1 index 2 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 3 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

# Panel 2: spectral radius ρ = 1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.3885714; set rmargin at screen 0.6742857
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'spectral radius ρ = 1' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : '')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : '')
set format x (paged ? '%g' : '')
set format y (paged ? '%g' : '')
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 5, 0.9161516 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 5, 0.9214567 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
if (!paged) { set label at 11, 0.9179673 point pointtype 7 pointsize 1.3 linecolor rgb '#E69F00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 3 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 4 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 5 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 3 notitle, \
  data skip 1 index 3 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 4 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  data skip 1 index 5 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 3 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

# Panel 3: spectral radius ρ = 1.25
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.6928571; set rmargin at screen 0.9785714
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'spectral radius ρ = 1.25' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : '')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : '')
set format x (paged ? '%g' : '')
set format y (paged ? '%g' : '')
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 8, 0.9211367 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 5, 0.9003724 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
if (!paged) { set label at 13, 0.912138 point pointtype 7 pointsize 1.3 linecolor rgb '#E69F00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 6 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 7 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 8 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 3 notitle, \
  data skip 1 index 6 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 7 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  data skip 1 index 8 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 3 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

# Panel 4: spectral radius ρ = 1.75
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.37
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'spectral radius ρ = 1.75' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : 'number of last steps, lag + 1')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : 'share of Σ_t ‖contribution of t‖')
set format x (paged ? '%g' : '%g')
set format y '%g'
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 35, 0.901256 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 7, 0.9144422 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
if (!paged) { set label at 23, 0.9073008 point pointtype 7 pointsize 1.3 linecolor rgb '#E69F00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 9 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 10 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 11 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 3 notitle, \
  data skip 1 index 9 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 10 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  data skip 1 index 11 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 3 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

# Panel 5: spectral radius ρ = 2
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.3885714; set rmargin at screen 0.6742857
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'spectral radius ρ = 2' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : 'number of last steps, lag + 1')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : '')
set format x (paged ? '%g' : '%g')
set format y (paged ? '%g' : '')
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 181, 0.9009556 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 8, 0.906382 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
if (!paged) { set label at 32, 0.9044008 point pointtype 7 pointsize 1.3 linecolor rgb '#E69F00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 12 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 13 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 14 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 3 notitle, \
  data skip 1 index 12 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 13 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  data skip 1 index 14 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 3 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

# Panel 6: spectral radius ρ = 2.5
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.6928571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'spectral radius ρ = 2.5' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : 'number of last steps, lag + 1')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : '')
set format x (paged ? '%g' : '%g')
set format y (paged ? '%g' : '')
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 198, 0.9002663 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 12, 0.9006008 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
if (!paged) { set label at 95, 0.9022724 point pointtype 7 pointsize 1.3 linecolor rgb '#E69F00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 15 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 16 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 17 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 3 notitle, \
  data skip 1 index 15 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 16 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  data skip 1 index 17 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 3 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 0', \
  keyentry with lines linetype 3 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16' }
if (paged) { print '· sequence length T = 200 (longest of 4) · input scale 1 · initializer' }
if (paged) { print 'gaussian · loss final-dot · clip none (first of 2) · float32 LSTM forget bias' }
if (paged) { print '0, 1 · task gaussian-noise · run decay' }
