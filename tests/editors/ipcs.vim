" Vim syntax file for scenarios of ipcscript (*.ipcs).
" @GENERATED@

if exists('b:current_syntax')
  finish
endif
let s:cpoptions = &cpoptions
set cpoptions&vim

syn case match
syn sync minlines=200

" Names that stand for a number wherever a value stands.
syn keyword ipcsConstant
      @CONSTANTS@
syn keyword ipcsErrno
      @ERRNOS@
syn keyword ipcsSignal
      @SIGNALS@

" A call is a name that touches its parenthesis; one that is not in the catalogue is a `def`, or a mistake.
syn match ipcsLocalCall /\<\h\w*(\@=/ contains=ipcsCall
syn keyword ipcsCall contained
      @CALLS@

" Words of the language. None is a keyword of Vim: a field of a record may bear any of these names.
syn match ipcsOutcome /\<\%(@OUTCOMES@\)\>/
syn match ipcsWord /\<\%(@WORDS@\)\>/
syn match ipcsStatement /\%(^\s*\|[{}]\s*\)\@60<=\%(@STATEMENTS@\)\>/
syn match ipcsStatement /\%(\<else\s\+\)\@60<=if\>/
syn match ipcsActor /\%(^\s*\|{\s*\)\@60<=\h\w*\%(\s*,\s*\h\w*\)*\ze\s*:/
syn match ipcsActor /\%(^\s*actor\s\+\)\@60<=\h\w*\%(\s*,\s*\h\w*\)*/

" Types of C and kinds of namespaces stand behind a comma; elsewhere they are names like any other.
syn match ipcsType /\%(,\s*\)\@60<=\%(@TYPES@\)\>/ contained

" An operator; `->` stands before an outcome.
syn match ipcsOperator /[-+*\/%&^|~<>=!]=\=\|\.\./
syn match ipcsArrow /->/

" Numbers, with what may stand behind them.
syn match ipcsNumber /\<\%(0x\x\+\|0o\o\+\|0\|[1-9]\d*\)[KMG]\=\>/
syn match ipcsVersion /\<\d\+\%(\.\d\+\)\+\>/
syn match ipcsDuration /\<\d\+\%(ns\|us\|ms\|s\|min\)\>/
" 0600 is no octal number here: it is written 0o600.
syn match ipcsBadNumber /\<0\d\+\>/

" Texts. A title takes everything as it is, other strings put values in.
syn region ipcsString start=/"/ skip=/\\./ end=/"/ oneline contains=ipcsEscape,ipcsInterpolation
syn region ipcsRawString start=/\<r"/ end=/"/ oneline
syn match ipcsEscape /\\\%(x\x\x\|.\)/ contained
syn match ipcsInterpolation /{\h[^{}"]*}/ contained
syn match ipcsTitle /\%(^\s*\%(scenario\|include\)\s\+\)\@60<="\%(\\.\|[^"\\]\)*"/ contains=ipcsEscape

" What brackets hold: values, and in a record the names of fields.
syn cluster ipcsValue contains=ipcsConstant,ipcsErrno,ipcsSignal,ipcsLocalCall,ipcsOutcome,ipcsWord,ipcsType,ipcsOperator,ipcsNumber,ipcsVersion,ipcsDuration,ipcsBadNumber,ipcsString,ipcsRawString,ipcsParentheses,ipcsList,ipcsInner,ipcsComment
syn region ipcsParentheses matchgroup=ipcsBracket start=/(/ end=/)/ contains=@ipcsValue
syn region ipcsList matchgroup=ipcsBracket start=/\[/ end=/\]/ contains=@ipcsValue
syn region ipcsInner matchgroup=ipcsBracket start=/{/ end=/}/ contained contains=@ipcsValue,ipcsField
" Outside of brackets a brace opens a block, but after these it opens a record.
syn region ipcsRecord matchgroup=ipcsBracket start=/\%(\%(->\|=\|\<or\|\<in\|\<eventually\)\s*\)\@60<={/ end=/}/ contains=@ipcsValue,ipcsField
syn match ipcsField /\<\h\w*\ze\s*:/ contained

syn match ipcsComment /#.*$/ contains=@Spell
syn match ipcsDoc /^\s*##.*$/ contains=@Spell

hi def link ipcsComment Comment
hi def link ipcsDoc SpecialComment
hi def link ipcsTitle Title
hi def link ipcsString String
hi def link ipcsRawString String
hi def link ipcsEscape SpecialChar
hi def link ipcsInterpolation Identifier
hi def link ipcsNumber Number
hi def link ipcsVersion Number
hi def link ipcsDuration Number
hi def link ipcsBadNumber Error
hi def link ipcsStatement Statement
hi def link ipcsOutcome Conditional
hi def link ipcsWord Keyword
hi def link ipcsActor Type
hi def link ipcsType StorageClass
hi def link ipcsCall Function
hi def link ipcsLocalCall Macro
hi def link ipcsField Identifier
hi def link ipcsConstant Constant
hi def link ipcsErrno Exception
hi def link ipcsSignal PreProc
hi def link ipcsOperator Operator
hi def link ipcsArrow Delimiter
hi def link ipcsBracket Delimiter

let b:current_syntax = 'ipcs'
let &cpoptions = s:cpoptions
unlet s:cpoptions
