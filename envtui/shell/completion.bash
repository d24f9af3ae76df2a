
# TAB: the program says what fits, and nothing of it is expanded (`compgen -W` would do that).

function __envtui_complete {
    \builtin local IFS=$' \t\n' __envtui_exe="${__ENVTUI_EXE-}" __envtui_at=0 __envtui_line='' __envtui_cut='' __envtui_reply=''
    \builtin local __envtui_rest="${COMP_LINE:0:COMP_POINT}" __envtui_word=''
    \builtin local -a __envtui_words
    COMPREPLY=()
    if [[ ! -x "$__envtui_exe" ]]; then
        __envtui_exe="$(\builtin type -P envtui)" || \builtin return 0
    fi
    # bash cuts words at `:` and `=` too; here only blanks do.
    __envtui_words=()
    while (( __envtui_at <= COMP_CWORD )); do
        __envtui_word="${COMP_WORDS[__envtui_at]}"
        if [[ "$__envtui_at" == 0 || "$__envtui_rest" == [[:blank:]]* ]]; then
            __envtui_rest="${__envtui_rest#"${__envtui_rest%%[![:blank:]]*}"}"
            __envtui_words+=('')
        fi
        if (( __envtui_at == COMP_CWORD )); then
            __envtui_word="$__envtui_rest"
        fi
        __envtui_words[${#__envtui_words[@]}-1]+="$__envtui_word"
        __envtui_rest="${__envtui_rest#"$__envtui_word"}"
        (( ++__envtui_at ))
    done
    __envtui_word="${__envtui_words[${#__envtui_words[@]}-1]}"
    if [[ "$__envtui_word" == [\"\']* ]]; then
        \builtin return 0
    fi
    # Quotes are taken off as text: to evaluate what is typed would be to run it.
    __envtui_words=("${__envtui_words[@]//\\/}")
    __envtui_reply="$(PYTHONHOME='' PYTHONPATH='' "$__envtui_exe" complete "${__envtui_words[@]:1}" 2>/dev/null)" || \builtin return 0
    for __envtui_rest in : =; do
        if [[ "$COMP_WORDBREAKS" == *"$__envtui_rest"* && "${__envtui_word#"$__envtui_cut"}" == *"$__envtui_rest"* ]]; then
            __envtui_cut="${__envtui_word%"${__envtui_word##*"$__envtui_rest"}"}"
        fi
    done
    __envtui_cut="${__envtui_cut//\\/}"
    while IFS='' \builtin read -r __envtui_line; do
        __envtui_line="${__envtui_line%%$'\t'*}"
        if [[ -n "$__envtui_line" ]]; then
            \builtin printf -v __envtui_line %q "${__envtui_line:${#__envtui_cut}}"
            COMPREPLY+=("$__envtui_line")
        fi
    done <<<"$__envtui_reply"
}

if [[ $- == *i* ]]; then
    \builtin complete -o default -F __envtui_complete envtui 2>/dev/null || \builtin :
fi
