"""What Redis does in one piece, in Lua: a script runs whole or not at all, and no other runs meanwhile. What they share, and a room's fields: lua.py."""

from core.classroom import lua

OPEN = (  # 5 key, 6 title, 7 whose, 8 most, 9 most of whose, 10 UNLED
    lua.ROOM
    + """
local made, gone, mine = ARGV[7], purge(), 0
if open() then return {'taken'} end
local all = redis.call('ZRANGE', rooms, 0, -1)  -- who was touched longest ago first
local unled, own
for _, each in ipairs(all) do
    local one = redis.call('HMGET', prefix .. 'room:' .. each, 'whose', 'version', 'asked', 'touched')
    local may = one[4] and one[2] == '0' and one[3] == '0' and tonumber(one[4]) <= now - ARGV[10] and each or nil
    if not one[4] then forget(each) end  -- Redis has let it go by itself
    unled = unled or may
    if made ~= '' and one[1] == made then
        mine = mine + 1
        own = own or may
    end
end
local goes
if mine >= tonumber(ARGV[9]) then goes = own or 'share' elseif #all >= tonumber(ARGV[8]) then goes = unled or 'full' end
if goes == 'share' or goes == 'full' then return {goes} end
if goes then
    forget(goes)
    gone[#gone + 1] = goes
end
redis.call('DEL', room)
set('key', ARGV[5], 'title', ARGV[6], 'opened', stamp, 'event', 0, 'version', 0, 'asked', 0, 'whose', made, 'bytes', 0, 'votes', 0)
touch()
return {'ok', unpack(gone)}
"""
)
LOOK = (
    lua.OPENED
    + """
local one = redis.call('HMGET', room, 'key', 'title', 'opened', 'event', 'version', 'state')
local asked = latest('question')
return {'ok', one[1], one[2], one[3], one[4], one[5], one[6] or 'null', asked and question(asked) or {}, latest('experiment') or ''}
"""
)
MOVE = (  # 5 state
    lua.OPENED
    + """
set('state', ARGV[5])
touch()
return tell('state', '{"version":' .. more('version') .. ',"state":' .. ARGV[5] .. '}')
"""
)
ASK = (  # 5 body, 6 answers, 7 most, 8 bytes of the body, 9 most bytes
    lua.OPENED
    + """
if tonumber(get('asked')) >= tonumber(ARGV[7]) then return {'full'} end
if (get('bytes') or 0) + ARGV[8] > tonumber(ARGV[9]) then return {'text'} end
local n, id = more('asked'), more('event')
more('bytes', ARGV[8])
set(n .. ':body', ARGV[5], n .. ':answers', ARGV[6], n .. ':asked', stamp, n .. ':event', id, n .. ':voters', 0)
local kind = ARGV[6] == '0' and 'experiment' or 'question'
set(kind, n)
touch()
return tell(kind, asked_data(n), id)
"""
)
VOTE = (  # 5 question, 6 voter, 7 answer, from 8 on as TAKE has it
    lua.ASKED
    + lua.TAKE
    + """
if is_experiment(n) then return {'question'} end
if get(n .. ':revealed') then return {'closed'} end
local voter, before = n .. ':v:' .. ARGV[6], get(n .. ':v:' .. ARGV[6])
if before then
    if more(n .. ':c:' .. before, -1) == 0 then redis.call('HDEL', room, n .. ':c:' .. before) end
else
    local limit = full()
    if limit then return {limit} end
    more(n .. ':voters')
    redis.call('HSET', voters, code, more('votes'))
end
set(voter, ARGV[7])
more(n .. ':c:' .. ARGV[7])
touch()
return {'ok'}
"""
)
REVEAL = (  # 5 question, 6 answer
    lua.ASKED
    + """
local before = get(n .. ':reveal_event')
if before then return {'ok', tonumber(before), reveal_data(n)} end
local id = more('event')
set(n .. ':revealed', stamp, n .. ':reveal_event', id, n .. ':answer', ARGV[6])
touch()
return tell('reveal', reveal_data(n), id)
"""
)
ASKED = lua.ASKED + "return {'ok', question(n)}"  # 5 question
QUESTIONS = (
    lua.OPENED
    + """
local found = {'ok'}
for n = 1, tonumber(get('asked')) do found[n + 1] = question(tostring(n)) end
return found
"""
)
TELL = lua.OPENED + "return tell(ARGV[5], ARGV[6])"  # 5 kind, 6 data
MISSED = (  # 5 the last id that was heard, or ''
    lua.OPENED
    + """
local one = redis.call('HMGET', room, 'event', 'version', 'state', 'asked')
local last, asked, after = tonumber(one[1]), tonumber(one[4]), tonumber(ARGV[5])
if not after or after > last then
    local question, experiment = latest('question'), latest('experiment')
    after = math.min(question and get(question .. ':event') - 1 or last, experiment and get(experiment .. ':event') - 1 or last)
end
local found = {'ok', last, one[2], one[3] or 'null'}
for n = 1, asked do
    local at = redis.call('HMGET', room, n .. ':event', n .. ':reveal_event')
    if tonumber(at[1]) > after then found[#found + 1] = {tonumber(at[1]), is_experiment(n) and 'experiment' or 'question', asked_data(n)} end
    if at[2] and tonumber(at[2]) > after then found[#found + 1] = {tonumber(at[2]), 'reveal', reveal_data(n)} end
end
return found
"""
)
FOLLOWERS = (  # 5 process, 6 how many follow there, 7 for how many seconds that holds. Writes only what is new or runs out;
    # where nothing can be written, rooms can still be read
    lua.OPENED
    + """
local here, process, count, till, sum = KEYS[3], ARGV[5], tonumber(ARGV[6]), now + ARGV[7], tonumber(ARGV[6])
local known = false
local all = redis.call('HGETALL', here)
for k = 1, #all, 2 do
    local many, till_then = all[k + 1]:match('(%S+) (%S+)')
    local left = tonumber(till_then) - now
    if all[k] == process then
        known = tonumber(many) == count and left > (till - now) / 2
    elseif left > 0 then
        sum = sum + many
    else
        redis.pcall('HDEL', here, all[k])
    end
end
if count == 0 then
    redis.pcall('HDEL', here, process)
elseif not known then
    redis.pcall('HSET', here, process, ARGV[6] .. ' ' .. string.format('%.6f', till))
    redis.pcall('EXPIRE', here, 60)
end
return {'ok', sum}
"""
)
PURGE = lua.TIME + "return purge()"
ROOMS = lua.TIME + "return redis.call('ZCOUNT', rooms, '(' .. now - idle, '+inf')"
