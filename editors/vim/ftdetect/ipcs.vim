autocmd BufRead,BufNewFile *.ipcs setfiletype ipcs
