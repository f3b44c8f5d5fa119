"""What Redis does of an experiment in one piece, in Lua: see core/classroom/scripts.py."""

from core.classroom import lua

_EXPERIMENT = lua.ASKED + "if not is_experiment(n) then return {'experiment'} end\n"

SEAT = (  # 5 question, 6 voter, 7 nothing, from 8 on as TAKE has it
    _EXPERIMENT
    + lua.TAKE
    + """
if get(n .. ':revealed') then return {'closed'} end
local voter = n .. ':v:' .. ARGV[6]
local place = get(voter)
if not place then
    local limit = full()
    if limit then return {limit} end
    place = more(n .. ':voters') - 1
    set(voter, place)
    redis.call('HSET', voters, code, more('votes', 2))
end
touch()
return {'ok', tonumber(place)}
"""
)
REPORT = (  # 5 question, 6 voter, 7 figures
    _EXPERIMENT
    + """
if get(n .. ':revealed') then return {'closed'} end
local place = get(n .. ':v:' .. ARGV[6])
if not place then return {'seat'} end
set(n .. ':r:' .. place, ARGV[7])
touch()
return {'ok'}
"""
)
PLACE = (  # 5 question, 6 voter
    _EXPERIMENT
    + """
local place = get(n .. ':v:' .. ARGV[6])
return place and {'ok', tonumber(place)} or {'seat'}
"""
)
REPORTS = (  # 5 question
    _EXPERIMENT
    + """
local found = {'ok'}
for place = 0, tonumber(get(n .. ':voters')) - 1 do found[place + 2] = get(n .. ':r:' .. place) or '' end
return found
"""
)
