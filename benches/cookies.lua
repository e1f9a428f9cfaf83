-- For wrk: `wrk -s cookies.lua URL -- PATH FILE` asks for PATH with the cookie headers of FILE in turn, one a line.
local requests, number = {}, 0

function init(args)
    for cookie in io.lines(args[2]) do
        requests[#requests + 1] = wrk.format("GET", args[1], { Cookie = cookie })
    end
end

function request()
    number = number % #requests + 1
    return requests[number]
end

function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("done %d %d %d\n", summary.requests, summary.duration, failed))
end
